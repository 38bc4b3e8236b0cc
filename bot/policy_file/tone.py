"""The linter of tone: what the bot must not say to people, in English and Spanish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Where somebody is told to do a thing: at the start of a sentence or after a comma, or after such words as "please" or "should".
_TOLD = (
    r"(?:^|(?<=[.!?:;,] )|(?:please|just|never|always|don't|do not|should|must|(?:need|have|ought|try|remember) to) )"
)
_TOLD_ES = (
    r"(?:^|(?<=[.!?:;,] )|(?<=[¡¿])|(?:favor|no|nunca|siempre|mejor|(?:tienes?|hay) que|trat[ae] de|deb(?:es?|erías?)|conviene"
    r"|intent[ae]|procur[ae]) )"
)
_REMEDIES = (
    r"mc?g|dos(?:e|es|is)|pills?|tablets?|capsules?|drops|painkillers?|antibiotics?|supplements?|vitamins?|probiotics?"
    r"|herb(?:s|al)?|remed(?:y|ies)|steroids?|insulin|creams?|ointments?|lotions?|balms?|essential oils?|aspirin|paracetamol"
    r"|acetaminophen|morphine|opioids?|cannabis|cbd|melatonin|magnesium|zinc|turmeric|ginger|garlic|honey|vinegar|baking soda|teas?"
    r"|ice|(?:hot|warm|cold) (?:baths?|showers?|packs?)|\w*(?:cillin|statin|prazole|sartan|olol|mycin|azepam|formin|profen|isone)s?"
)
_REMEDIES_ES = (
    r"mc?g|dosis|pastillas?|tabletas?|cápsulas?|comprimidos?|medicinas?|medicamentos?|analgésicos?|antibióticos?|suplementos?"
    r"|vitaminas?|hierbas?|remedios?|esteroides?|insulina|cremas?|pomadas?|ungüentos?|ibuprofeno|aspirina|paracetamol|morfina|cannabis"
    r"|melatonina|magnesio|zinc|cúrcuma|jengibre|ajo|miel|vinagre|bicarbonato|infusi(?:ón|ones)|té|hielo|agua"
)
_FOODS = (
    r"sugar|salt|carbs?|carbohydrates?|gluten|dairy|meat|alcohol|caffeine|coffee|fats?|fib(?:er|re)|calories|diets?|fasting"
    r"|fruits?|vegetables?|smoking|drinking"
)
_FOODS_ES = (
    r"azúcar|carbohidratos?|hidratos|gluten|lácteos|carnes?|alcohol|cafeína|café|grasas?|harinas?|calorías|dietas?|frutas?"
    r"|verduras?"
)
_AILMENTS = (
    r"nausea|\w*(?:pains?|aches?)|migraines?|fevers?|inflammation|swelling|bleeding|itch\w*|rash(?:es)?|lumps?|moles?|cough\w*|flu"
    r"|fatigue|anxiety|depression|insomnia|cramps?|blood (?:pressure|sugar)|cholesterol|infections?|cancer|tumou?rs?|diabetes|arthritis"
    r"|asthma|allerg\w+|symptoms?|wounds?|burns?"
)
_AILMENTS_ES = (
    r"náuseas?|dolor(?:es)?|migrañas?|fiebre|inflamación|hinchazón|tos|gripe|ansiedad|depresión|insomnio|cansancio|presión|colesterol"
    r"|infecci(?:ón|ones)|cáncer|tumor(?:es)?|diabetes|artritis|asma|alergias?|síntomas?|picazón"
)
_IT = r"(?:it|this|they|these|those)(?: \w+)?"
_HELPS = r"(?:helps?|works?|(?:is|are) (?:good|great)) (?:with|against|for)"
_LOOKS = r"(?:it|this|that|they)(?:'s|'re| is| are| looks?| seems?| sounds?)(?: (?!not)\w+)?"
_COULD_BE = r"(?:it|this|that) (?:(?:looks|sounds|seems) like|(?:could|may|might|must) be)(?: an?)?"
_TREATMENT = r"(?:dose|medicines?|medication|meds|pills?|tablets?|treatment|insulin|drugs?)(?! (?:list|name|plan))"
_THIS = r"(?:your|the|an?|that|this|these|those|more|less|any|all)"
_TAKE_ES = (
    r"(?:tom(?:a|e|es|ar|arte)|tóm(?:ate|ese)|prueb(?:a|e|es)|probar|us(?:a|e|es|ar)|(?:deja|deje|dejes|dejar) de tomar"
    r"|evit(?:a|e|es|ar)|suspend(?:e|a|as|er))"
)
_BODY = r"(?:skin|rash|wound|burn|sore|scar|joints?|knees?|neck|eyes?|ears?|nose|throat|chest|belly|stomach|arms?|legs?|foot|feet)"
_OFTEN = r"(?:(?:once|twice|\w+ times) (?:a|per|each|every) (?:day|night|week)|daily|every \w+ hours)"
_OFTEN_ES = r"(?:una vez|\w+ veces) (?:al|por|a la) (?:día|semana)"
_ENGLISH_ADVICE = (
    rf"(?:take|try|use|drink|eat|avoid|put|apply|rub|have some|switch to)\b[^.\n]{{0,30}}\b(?:{_REMEDIES})",
    rf"(?:try|avoid|limit|reduce|quit|skip|cut (?:down|back|out)|give up|stay away from)\b[^.\n]{{0,30}}\b(?:{_FOODS})",
    rf"(?:stop|start|keep|double|halve|lower|raise|reduce|increase|skip|pause)(?: on)?(?: taking)? {_THIS} {_TREATMENT}",
    rf"{_TOLD}take {_THIS} {_TREATMENT}",
    rf"{_TOLD}(?:eat|drink|swallow|chew|inhale|inject|lose weight|exercise (?:more|less|daily|every))",
    rf"{_TOLD}(?:get|have) (?:some|more|enough|plenty of|lots of) (?:sleep|rest|exercise|fresh air|sun\w*)",
    rf"{_TOLD}(?:put|apply|rub|take|repeat)\b[^.\n]{{0,60}}\b{_OFTEN}",
    rf"(?:put|apply|rub|dab|smear|massage)\b[^.\n]{{0,40}}\b(?:your|the|that) {_BODY}",
    rf"{_TOLD}put \w+(?: \w+)? on (?:it|them)",
    rf"{_IT} {_HELPS}\b[^.\n]{{0,20}}\b(?:{_AILMENTS})",
    rf"{_IT} (?:cures?|heals?|relieves?|eases?|soothes?|treats?)\b[^.\n]{{0,20}}\b(?:{_AILMENTS})",
    rf"(?:worry|worried|concerned|afraid) about (?:the|that|this|your|these|those) (?:\w+ )?(?:{_AILMENTS})",
)
_ENGLISH_GUESSES = (
    r"(?:you (?:probably )?have|(?:it's|it is) (?:probably|likely)|this is (?:probably )?(?:normal|harmless|nothing|an infection))",
    rf"{_LOOKS} (?:harmless|benign|viral|nothing serious|not (?:serious|dangerous))",
    r"(?:it|that)(?:'s| is)(?: \w+ly)? normal(?! to)",
    rf"{_COULD_BE} (?:{_AILMENTS}|virus|cold|side effect)(?! (?:group|room|forum))",
)
_SPANISH_ADVICE = (
    rf"{_TAKE_ES}\b[^.\n]{{0,30}}\b(?:{_REMEDIES_ES})",
    rf"(?:aplic(?:a|ar|arte)|aplí(?:cate|quese)|pon(?:er)?te|póngase)\b[^.\n]{{0,30}}\b(?:{_REMEDIES_ES}|piel|herida)",
    rf"(?:evit|elimin|limit|quit|baj)(?:a|e|es|ar)\b[^.\n]{{0,30}}\b(?:{_FOODS_ES})",
    rf"(?:reduc(?:e|ir)|reduzcas?|dej(?:a|e|es|ar)|tom(?:a|e|es|ar))\b[^.\n]{{0,30}}\b(?:{_FOODS_ES})",
    # "come" is an English word too, so what is eaten has to follow
    rf"{_TOLD_ES}(?:com|beb)(?:e|a|as|er) (?:más|menos|much[oa]s?|poc[oa]s?|algo|bien|sin|un|una|el|la|los|las|{_FOODS_ES}|{_REMEDIES_ES})",
    rf"{_TOLD_ES}(?:tom(?:a|e|es|ar)|pon(?:er)?te|póngase|aplí(?:cate|quese)|aplic(?:a|ar|ue))\b[^.\n]{{0,60}}\b{_OFTEN_ES}",
    rf"(?:(?<=[,.;:] )|est?o )?(?:ayuda|sirve|funciona)n?(?: \w+)? contra (?:el|la|los|las|tus?) (?:{_AILMENTS_ES})",
    rf"(?:(?<=[,.;:] )|est?o )(?:ayuda|sirve|funciona)n?(?: \w+)? (?:con|para) (?:el|la|los|las|tus?) (?:{_AILMENTS_ES})",
)
_SPANISH_GUESSES = (
    r"(?:probablemente (?:tienes|tiene|es)|es normal que|no es (?:nada|grave|peligros[oa]))",
    r"(?:es|son|parecen?)(?: \w+)? (?:inofensiv|benign)[oa]s?",
    rf"(?:parece|puede ser|debe (?:de )?ser|suena a)(?: una?)? (?:{_AILMENTS_ES}|virus|resfriado|efecto secundario)",
)
_LOW = (
    r"(?:liar|troll|fool|coward|bully|spammer|scammer|nuisance|disgrace|criminal|quack|crook|fraud|cheat|addict|junkie|loser|lazy|rude"
    r"|mean|nasty|toxic|crazy|insane|dumb|dishonest|ungrateful|disrespectful|annoying|lying|unwelcome"
    r"|wrong(?! (?:room|place|page|number)))"
)
_LOW_ES = (
    r"(?:tont[oa]|imbécil|hipócrita|cobarde|maleducad[oa]|groser[oa]|ridícul[oa]|patétic[oa]|loc[oa]|estafadora?|charlat[aá]na?"
    r"|inútil|molest[oa]|ingrat[oa]|mala persona|sinvergüenza)"
)
_SHAME = (
    r"(?:shame|ashamed|stupid|idiot|ignorant|irresponsible|careless|selfish|guilty|forbidden|misinformation)",
    r"(?:offend(?:er|ed)|violat(?:e|ed|es|ing|ion)|punish(?:ed|ment)?|your fault|(?:last|final) warning|how dare)",
    r"you (?:broke|break|failed|must not|should know|should have known|ought to|will be (?:banned|removed|kicked))",
    r"(?:liars?|hypocrites?|morons?|pathetic|disgusting|shut up|get lost|go away|stop lying|you lied|disappointed (?:in|by|with) you)",
    rf"you(?:'re| are)(?: (?!not\b)\w+){{0,2}} (?:{_LOW}|not (?:welcome|wanted))",
    r"(?:nobody|no one|none of us)(?: here)? (?:wants|likes|needs|believes|trusts|misses) you(?! to)",
    r"(?:we|they|people)(?: here)? (?:don't|do not) (?:want|like|need|believe|trust) you(?! to)",
    r"(?:vergüenza|estúpid[oa]|idiota|ignorante|irresponsable|egoísta|culpable|prohibido|infracción|mentiros[oa]s?)",
    r"(?:(?:tu|su) culpa|infringi\w*|castig\w*|última advertencia|serás expulsad[oa])",
    rf"(?:eres|usted es|es usted)(?: (?!no\b)\w+)? {_LOW_ES}",
    r"(?:nadie(?: aquí)? te (?:quiere|cree|soporta|necesita)|no te (?:queremos|creemos|soportamos|necesitamos))(?! \w+[aei]r\b)",
    r"(?:no (?:eres|es usted) bienvenid[oa]|cáll(?:ate|ese)|lárg(?:ate|uese)|fuera de aquí)",
)
_REPEAT = (
    r"you(r message)? (wrote|said|posted|says|read)\s*[:\"“«']",
    r"your (message|words)\s*[:“«\"]",
    r"(escribiste|dijiste|tu mensaje( dice)?)\s*[:\"“«]",
)
_ADVICE = (*_ENGLISH_ADVICE, *_ENGLISH_GUESSES, *_SPANISH_ADVICE, *_SPANISH_GUESSES)
REPEATS = ("repeats the message", "Others may read along. Say what kind of thing it was, not the thing.")


def _any_of(parts: tuple[str, ...], end: str = r"\b") -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{part}{end}" for part in parts), re.IGNORECASE | re.MULTILINE)


_LINTS = (
    (_any_of(_ADVICE), ("gives advice", "The bot never advises. Lead to a person who may.")),
    (_any_of(_SHAME), ("puts the reader to shame", "Say what happened and what they can do now, without blame.")),
    (_any_of(_REPEAT, ""), REPEATS),
)


def faults_of_tone(text: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the tone of ``text``, and what to do instead."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'")
    yield from (fault for pattern, fault in _LINTS if pattern.search(plain))
