"use strict";
// The page holds no state of its own but the open room: the server sends everything after each change.
let room = "community";
let state = null;
const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== "") made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== "" && child !== null));
  return made;
}

async function send(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!response.ok) return { text: "That did not work. Is the sandbox still running?", message: "", buttons: [] };
  return response.status === 204 ? null : response.json();
}

const say = (who, where, text) => send("/sandbox/say", { who, room: where, text });

async function press(who, button) {
  const answer = await send("/sandbox/press", { who, kind: button.kind, case: button.case });
  byId("answer-text").textContent = answer.text;
  byId("answer-message").textContent = answer.message;
  byId("answer-buttons").replaceChildren(buttonRow(who, answer.buttons, []));
  byId("answer").showModal();
}

function buttonRow(who, buttons, links) {
  const closing = (button) => () => { byId("answer").close(); press(who, button); };
  return element("div", { class: "row" },
    ...buttons.map((button) => element("button", { type: "button", onclick: closing(button) }, button.label)),
    ...links.map((link) => element("a", { href: link.url, target: "_blank", rel: "noopener" }, link.label)));
}

const time = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

// The bot's words name a message by its address on this page; people read what the address is for. Members' words stay as they are.
const withLinks = (words) => words.split(/\/#(message-\w+)/).map((part, index) =>
  index % 2 ? element("a", { href: `#${part}`, onclick: (event) => { event.preventDefault(); show(part); } }, "Show the message") : part);

// Go to a message, in whichever room it stands.
function show(id) {
  const home = state.rooms.find((candidate) => candidate.posts.some((item) => `message-${item.id}` === id));
  if (!home) return;
  history.replaceState(null, "", `#${id}`);
  if (home.id !== "team") room = home.id;
  render();
  byId(id).scrollIntoView({ block: "nearest" });
}

function post(item) {
  const id = `message-${item.id}`;
  const spoken = item.bot && item.note === item.text;
  return element("li", { id, class: [item.hidden && "hidden", item.urgent && "urgent", location.hash === `#${id}` && "sought"].filter(Boolean).join(" ") },
    element("span", { class: "by" }, `${item.author} · ${time(item.at)}${item.hidden ? " · hidden from the room" : ""}`),
    element("span", { class: "said" }, ...(spoken ? withLinks(item.text) : [item.text])),
    item.why ? element("span", { class: "why" }, item.why) : "",
    item.bot && !spoken ? element("span", { class: "why" }, ...withLinks(item.note)) : "",
    item.buttons.length + item.links.length ? buttonRow("mo", item.buttons, item.links) : "");
}

function note(item) {
  return element("li", { class: item.urgent ? "urgent" : "" },
    element("span", { class: "by" }, `To ${item.name} · ${time(item.at)}`), ...withLinks(item.note), buttonRow(item.to, item.buttons, item.links));
}

function queued(item) {
  const [restore, uphold] = item.reason === "trial" ? ["The rule was wrong", "The rule was right"] : item.hidden ? ["Bring it back", "Keep it hidden"] : ["It is fine", "Hide it"];
  const buttons = [["open", "Open"], ["restore", restore], ["uphold", uphold]];
  return element("li", { class: item.urgent ? "urgent" : "", "data-case": item.id },
    element("span", { class: "by" }, `${item.reason}${item.appealed ? ", its author asks for a review" : ""} · ${item.room} · ${time(item.opened_at)}`),
    ...item.labels.map((label) => element("span", { class: "tag" }, label)),
    element("span", { class: "why" }, item.why),
    buttonRow("mo", buttons.map(([kind, label]) => ({ kind, label, case: item.id })), []));
}

function fill(id, items, empty) {
  byId(id).replaceChildren(...(items.length ? items : [element("li", { class: "empty" }, empty)]));
}

function render() {
  const here = state.rooms.find((candidate) => candidate.id === room);
  byId("tabs").replaceChildren(...state.rooms.filter((r) => r.id !== "team").map((r) =>
    element("button", { type: "button", role: "tab", "aria-selected": String(r.id === room), onclick: () => { room = r.id; render(); } }, `#${r.name}`)));
  fill("posts", here.posts.map(post), "Nobody has written here yet.");
  byId("posts").scrollTop = byId("posts").scrollHeight;
  fill("notes", [...state.notes].reverse().map(note), "Nobody has been told anything.");
  fill("team", [...state.rooms.find((r) => r.id === "team").posts].reverse().map(post), "Nothing has come up.");
  fill("queue", state.queue.map(queued), "The queue is empty.");
}

byId("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  byId("text").value = "";
  if (text) await say(byId("who").value, room, text);
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); byId("composer").requestSubmit(); }
});
for (const button of document.querySelectorAll(".prepared button")) {
  button.addEventListener("click", () => { room = button.dataset.room; byId("who").value = button.dataset.who; say(button.dataset.who, room, button.dataset.text); });
}
new EventSource("/sandbox/events").onmessage = (event) => {
  const first = state === null;
  state = JSON.parse(event.data);
  render();
  if (first) show(location.hash.slice(1));  // somebody came by the link of a case
};
