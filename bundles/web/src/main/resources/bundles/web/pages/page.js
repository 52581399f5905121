"use strict";
const columns = {
  interfaces: ["name", "addresses", "hardware", "mtu", "received", "receivedBytes", "sent", "sentBytes"],
  endpoints: ["protocol", "local", "remote", "state", "details"],
  events: ["name", "rate", "bound"],
  strands: ["id", "name", "state", "seconds"],
  bundles: ["id", "name", "version", "active"],
};
const text = v => v === null ? "" : Array.isArray(v) ? v.map(b => typeof b === "string" ? b : b.guard ? `${b.name} [${b.guard}]` : b.name).join(", ")
  : typeof v === "number" && !Number.isInteger(v) ? v.toFixed(2) : String(v);
function fill(id, rows) {
  const table = document.getElementById(id);
  table.replaceChildren();
  const line = (cells, tag) => {
    const tr = table.insertRow();
    for (const [value, number] of cells) {
      const cell = document.createElement(tag);
      cell.textContent = value;
      if (number) cell.className = "number";
      tr.append(cell);
    }
  };
  const numeric = c => rows.length > 0 && typeof rows[0][c] === "number";
  line(columns[id].map(c => [c, numeric(c)]), "th");
  for (const row of rows) line(columns[id].map(c => [text(row[c]), numeric(c)]), "td");
}
async function show() {
  try {
    const s = await (await fetch("/status")).json();
    document.getElementById("machine").textContent = `${s.machine}, ${s.processors} processors, `
      + `${Math.round(s.memory.bytes / 1048576)} MB (${Math.round(s.memory.free / 1048576)} MB free), up ${s.uptime.toFixed(0)} s`;
    for (const id in columns) fill(id, s[id]);
  } catch (e) {
    document.getElementById("machine").textContent = "The kernel does not answer: " + e.message;
  }
  setTimeout(show, 2000);
}
show();
