"""Limits on components of messages and modals. Source: Component Reference; "Receiving and Responding", "Modal"."""

from collections.abc import Iterator

from .errors import FormErrors
from .json_types import Json

ACTION_ROW, BUTTON, TEXT_INPUT, TEXT_DISPLAY = 1, 2, 4, 10
SELECTS = frozenset({3, 5, 6, 7, 8})
LINK_STYLES = frozenset({5, 6})
TOP_LEVEL_V2 = frozenset({1, 9, 10, 12, 13, 14, 17})
TEXT_TOTAL_V2 = 4000
COMPONENTS_V2_MAX = 40


def walk(components: list[Json], path: str) -> Iterator[tuple[str, Json]]:
    """Every component with its path, nested ones included."""
    for index, component in enumerate(components):
        here = f"{path}.{index}"
        yield here, component
        yield from walk(component.get("components") or [], f"{here}.components")
        for single in ("accessory", "component"):
            if isinstance(component.get(single), dict):
                yield f"{here}.{single}", component[single]


def check_components(components: list[Json], errors: FormErrors, *, is_v2: bool) -> None:
    """Note what breaks a limit in a message's components."""
    if is_v2:
        _check_v2(components, errors)
    else:
        errors.length("components", components, 0, 5)
    top = TOP_LEVEL_V2 if is_v2 else frozenset({ACTION_ROW})
    for index, component in enumerate(components):
        if component.get("type") not in top:
            allowed = ", ".join(str(kind) for kind in sorted(top))
            message = f'Value of field "type" must be one of ({allowed},).'
            errors.add(f"components.{index}.type", "UNION_TYPE_CHOICES", message)
    seen: set[str] = set()
    for path, component in walk(components, "components"):
        _check_component(component, path, errors)
        _check_unique(component, path, seen, errors)


def _check_v2(components: list[Json], errors: FormErrors) -> None:
    everything = [component for _, component in walk(components, "components")]
    if len(everything) > COMPONENTS_V2_MAX:
        errors.add(
            "components",
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"Total number of components cannot exceed {COMPONENTS_V2_MAX}",
        )
    texts = sum(len(c.get("content") or "") for c in everything if c.get("type") == TEXT_DISPLAY)
    if texts > TEXT_TOTAL_V2:
        errors.add(
            "components",
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Components displayable text size exceeds maximum size of {TEXT_TOTAL_V2}",
        )


def _check_component(component: Json, path: str, errors: FormErrors) -> None:
    kind = component.get("type")
    if kind == ACTION_ROW:
        errors.length(f"{path}.components", component.get("components"), 1, 5)
    elif kind == BUTTON:
        _check_button(component, path, errors)
    elif kind in SELECTS:
        errors.required(f"{path}.custom_id", component.get("custom_id"))
        errors.length(f"{path}.options", component.get("options"), 1, 25)
        errors.length(f"{path}.placeholder", component.get("placeholder"), 0, 150)
    errors.length(f"{path}.custom_id", component.get("custom_id"), 1, 100)


def _check_button(button: Json, path: str, errors: FormErrors) -> None:
    errors.length(f"{path}.label", button.get("label"), 0, 80)
    if button.get("style") in LINK_STYLES:
        return
    errors.required(f"{path}.custom_id", button.get("custom_id"))


def _check_unique(component: Json, path: str, seen: set[str], errors: FormErrors) -> None:
    custom_id = component.get("custom_id")
    if custom_id is None:
        return
    if custom_id in seen:
        errors.add(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    seen.add(custom_id)


def check_modal(data: Json) -> None:
    """Raises ApiError 50035 for a modal outside the limits."""
    errors = FormErrors()
    for name, limit in (("title", 45), ("custom_id", 100)):
        errors.required(f"data.{name}", data.get(name))
        errors.length(f"data.{name}", data.get(name), 1, limit)
    errors.length("data.components", data.get("components") or [], 1, 5)
    for path, component in walk(data.get("components") or [], "data.components"):
        if component.get("type") == TEXT_INPUT:
            errors.length(f"{path}.custom_id", component.get("custom_id"), 1, 100)
            errors.length(f"{path}.label", component.get("label"), 1, 45)
            errors.length(f"{path}.placeholder", component.get("placeholder"), 0, 100)
            errors.length(f"{path}.value", component.get("value"), 0, 4000)
    errors.raise_if_any()
