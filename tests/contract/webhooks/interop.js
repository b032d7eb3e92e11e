// The plugin's code against the npm library of the specification, both ways.
"use strict";
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { spawn } = require("node:child_process");
const readline = require("node:readline");
const { Webhook } = require("standardwebhooks");

const tool = spawn(process.argv[2], [], { stdio: ["pipe", "pipe", "inherit"] });
const waiting = [];
readline.createInterface({ input: tool.stdout }).on("line", (line) => waiting.shift()(JSON.parse(line)));
tool.on("exit", () => assert.equal(waiting.length, 0, "the tool died with questions open"));

function ask(order) {
  return new Promise((resolve) => {
    waiting.push(resolve);
    tool.stdin.write(JSON.stringify(order) + "\n");
  });
}

const now = () => Math.floor(Date.now() / 1000);
const secretOf = (bytes) => "whsec_" + crypto.randomBytes(bytes).toString("base64");
const dataOf = (value) => JSON.stringify({ type: "order.noted", timestamp: new Date().toISOString(), data: { value } });

const texts = ["", "x", "王女士：朝阳区，三居室，预算500万元以内", "👩‍💻 \u0000\u001f\u2028\ufeff", "\\\"/</script>", "e\u0301 é",
  ".1614265330.{}", "a".repeat(3), "x".repeat(60_000), "工单".repeat(20_000)];
// Around the block sizes of the hash.
for (let size = 40; size < 140; size++) texts.push("z".repeat(size));
const bodies = ["", " ", "{}", "no JSON at all", ...texts.map(dataOf), JSON.stringify(JSON.parse(dataOf("格式")), null, 2) + "\n"];

function flipped(text, at, bit) {
  const bytes = Buffer.from(text);
  bytes[at] ^= 1 << bit;
  return bytes;
}

const throwsVerification = (verify) => assert.throws(verify, /No matching signature|Missing required|too old|too new/);

// What we send, their library takes; with a bit flipped it does not.
async function theyVerify(secretBytes) {
  const secret = secretOf(secretBytes);
  const library = new Webhook(secret);
  for (const [index, body] of bodies.entries()) {
    const id = `ord_${crypto.randomUUID()}.${index}.erp`;
    const { headers } = await ask({ do: "sign", secrets: [secret], id, body, at: now() });
    assert.equal(headers["webhook-id"], id);
    library.verify(Buffer.from(body), headers, { jsonParse: false });
    if (body.length > 0) {
      const at = crypto.randomInt(Buffer.byteLength(body));
      throwsVerification(() => library.verify(flipped(body, at, crypto.randomInt(8)), headers, { jsonParse: false }));
    }
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"]) {
      const at = crypto.randomInt(headers[name].length);
      const changed = { ...headers, [name]: flipped(headers[name], at, 0).toString("latin1") };
      throwsVerification(() => library.verify(body, changed, { jsonParse: false }));
    }
  }
}

async function theyVerifyDuringRotation() {
  const [present, old, stranger] = [secretOf(32), secretOf(24), secretOf(64)];
  const body = dataOf("轮换");
  const { headers } = await ask({ do: "sign", secrets: [present, old], id: "m.1", body, at: now() });
  new Webhook(present).verify(body, headers);
  new Webhook(old).verify(body, headers);
  throwsVerification(() => new Webhook(stranger).verify(body, headers));
}

// What their library signs, we take; with a bit flipped we do not.
async function weVerify(secretBytes) {
  const secret = secretOf(secretBytes);
  const library = new Webhook(secret);
  for (const text of texts) {
    const body = dataOf(text);
    const id = "msg_" + crypto.randomUUID();
    const at = now();
    const headers = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": library.sign(id, new Date(at * 1000), body) };
    const taken = await ask({ do: "accept", secrets: [secret], headers, body, at });
    assert.deepEqual(taken, { code: "", id, type: "order.noted", data: { value: text } });
    const place = crypto.randomInt(Buffer.byteLength(body));
    const changed = flipped(body, place, crypto.randomInt(8)).toString("base64");
    assert.equal((await ask({ do: "accept", secrets: [secret], headers, body_base64: changed, at })).code, "hook.bad_signature");
    for (const name of Object.keys(headers)) {
      const value = flipped(headers[name], crypto.randomInt(headers[name].length), 0).toString("latin1");
      assert.equal((await ask({ do: "accept", secrets: [secret], headers: { ...headers, [name]: value }, body, at })).code, "hook.bad_signature");
    }
    assert.equal((await ask({ do: "accept", secrets: [secretOf(32)], headers, body, at })).code, "hook.bad_signature");
    assert.equal((await ask({ do: "accept", secrets: [secret], headers, body, at: at + 301 })).code, "hook.too_old");
  }
}

async function main() {
  for (const bytes of [24, 25, 26, 32, 63, 64]) {
    await theyVerify(bytes);
    await weVerify(bytes);
  }
  await theyVerifyDuringRotation();
  tool.stdin.end();
  console.log(`${6 * bodies.length} messages verified by the library, ${6 * texts.length} of the library's accepted`);
}

main().catch((failure) => {
  console.error(failure);
  tool.kill();
  process.exitCode = 1;
});
