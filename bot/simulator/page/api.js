// Talking to the simulator: acts, state, and the stream that says when to look again.

import { toast } from "./dom.js";

export async function act(name, body = {}) {
  try {
    const answer = await fetch(`/sim/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const data = await answer.json();
    if (answer.ok) return { ok: true, result: data.result };
    toast(data.error || "没有做成", "bad");
  } catch {
    toast("连不上模拟器，看看它还在不在运行", "bad");
  }
  return { ok: false };
}

export async function loadState(chats) {
  const query = chats.filter(Boolean).map((id) => `chat=${id}`).join("&");
  const answer = await fetch(`/sim/state?${query}`);
  if (!answer.ok) throw new Error(`state ${answer.status}`);
  return answer.json();
}

export function listen(onChange, onLost) {
  const stream = new EventSource("/sim/events");
  stream.onmessage = onChange;
  stream.onerror = onLost;
}
