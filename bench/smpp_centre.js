// An SMPP centre of the npm package `smpp` that takes every message. Arguments: port, password.
"use strict";
const smpp = require("smpp");

let next = 1;
const server = smpp.createServer({}, (session) => {
  session.socket.setNoDelay(true);
  session.on("error", () => session.destroy());
  session.on("bind_transceiver", (pdu) =>
    session.send(pdu.response(pdu.password === process.argv[3] ? {} : { command_status: smpp.ESME_RINVPASWD })));
  session.on("submit_sm", (pdu) => session.send(pdu.response({ message_id: String(next++) })));
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => session.send(pdu.response()));
});
server.listen(Number(process.argv[2]), "127.0.0.1");
