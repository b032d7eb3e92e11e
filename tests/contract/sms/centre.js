// An SMPP centre: the npm package `smpp`, as an operator's would behave. Prints one JSON object a line for what
// comes, obeys one a line on standard input: {"mode": "ok"|"throttle"|"silent"|"refuse"}, {"receipt": {...}},
// {"receipt_by_tlv": {...}}, {"close": true}. Arguments: port (0: any), password.
"use strict";
const smpp = require("smpp");
const readline = require("node:readline");

const [port, password] = [Number(process.argv[2]), process.argv[3]];
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let mode = "ok";
let next = 1;
let bound = null;

// What a phone shows: the parts of a message, put together by their headers.
function decoded(pdu) {
  const message = pdu.short_message;
  const header = (message.udh || []).map((each) => each.toString("hex"));
  return { text: message.message, header };
}

function onBind(session, pdu) {
  const good = pdu.system_id === "city" && pdu.password === password;
  say({ bind: pdu.system_id, good, interface_version: pdu.interface_version });
  if (!good) {
    session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
    return;
  }
  bound = session;
  session.send(pdu.response({ system_id: "centre" }));
}

function onSubmit(session, pdu) {
  const id = String(next++);
  say({ submit: id, to: pdu.destination_addr, ton: pdu.dest_addr_ton, from: pdu.source_addr, data_coding: pdu.data_coding,
        esm_class: pdu.esm_class, registered_delivery: pdu.registered_delivery, ...decoded(pdu) });
  if (mode === "silent") return;
  if (mode === "throttle") return void session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  if (mode === "refuse") return void session.send(pdu.response({ command_status: smpp.ESME_RINVDSTADR }));
  session.send(pdu.response({ message_id: id }));
  if (mode === "receipts") receipt({ id, stat: "DELIVRD" });
}

const stamp = () => new Date().toISOString().slice(2, 16).replace(/[-T:]/g, "");

function deliver(fields) {
  bound.deliver_sm({ source_addr: "8613800000000", destination_addr: "10690000", esm_class: 4, ...fields },
    (answer) => say({ receipt_answer: answer.command_status }));
}

function receipt({ id, stat, esm_class = 4 }) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:${stamp()} done date:${stamp()} stat:${stat} err:000 text:`;
  deliver({ esm_class, short_message: text });
}

const server = smpp.createServer({}, (session) => {
  session.on("error", () => session.destroy());
  session.on("pdu", (pdu) => {
    if (mode === "silent" && pdu.command !== "submit_sm") return;
    if (pdu.command === "bind_transceiver") onBind(session, pdu);
    else if (pdu.command === "submit_sm") onSubmit(session, pdu);
    else if (pdu.command === "enquire_link") session.send(pdu.response());
    else if (pdu.command === "unbind") { say({ unbind: true }); session.send(pdu.response()); session.close(); }
  });
  session.on("close", () => say({ closed: true }));
});
server.on("error", (failure) => { console.error(failure); process.exit(1); });
server.listen(port, "127.0.0.1", () => say({ port: server.address().port }));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  if (order.mode) mode = order.mode;
  if (order.receipt) receipt(order.receipt);
  if (order.receipt_by_tlv) deliver({ receipted_message_id: order.receipt_by_tlv.id, message_state: order.receipt_by_tlv.state });
  if (order.close) bound.destroy();
  say({ obeyed: true });
}).on("close", () => process.exit(0));
