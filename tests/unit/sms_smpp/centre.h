#pragma once
// The far side of a session under test, and the session's run on virtual time.
#include <gtest/gtest.h>

#include "plugins/sms_smpp/session.h"

namespace citybridge::sms_smpp {

inline const Error kLost{"link.peer_closed", "closed"};

inline std::string zero() { return std::string(1, '\0'); }

// deliver_sm after SMPP 3.4, 4.6.1, with the short message `text`.
inline std::string deliver_body(std::uint8_t esm_class, std::string_view text, std::string_view tlvs = {},
                                std::uint8_t data_coding = 0) {
    std::string out = zero();
    out += std::string("\x01\x01", 2) + "8613800000000" + zero();
    out += std::string("\x00\x01", 2) + "10690000" + zero();
    out += static_cast<char>(esm_class);
    out += std::string("\x00\x00\x00\x00\x00\x00", 6);
    out += static_cast<char>(data_coding);
    out += zero();
    out += static_cast<char>(text.size());
    return out + std::string(text) + std::string(tlvs);
}

inline std::string tlv(std::uint16_t tag, std::string_view value) {
    std::string out;
    for (const std::size_t number : {std::size_t{tag}, value.size()}) {
        out += static_cast<char>(number >> 8U);
        out += static_cast<char>(number & 0xFFU);
    }
    return out + std::string(value);
}

inline std::string receipt_text(std::string_view id, std::string_view stat) {
    return "id:" + std::string(id) +
           " sub:001 dlvrd:001 submit date:2611220905 done date:2611220906 stat:" + std::string(stat) +
           " err:000 text:hi";
}

struct Asked {
    std::uint32_t command = 0;
    std::uint32_t status = 0;
    std::uint32_t sequence = 0;
    std::string body;
};

struct Centre {
    explicit Centre(SessionSettings settings = {}) : session(with_name(std::move(settings)), 7) {}

    static SessionSettings with_name(SessionSettings settings) {
        settings.instance = "sms";
        settings.bind = {"city", "secret", ""};
        return settings;
    }

    // What the session wrote since the last time.
    std::vector<Asked> sent() {
        Output output = session.take_output();
        framer.feed(output.write);
        std::vector<Asked> out;
        while (true) {
            const auto pdu = framer.next();
            EXPECT_TRUE(pdu) << "the session writes PDUs only";
            if (!pdu || !*pdu) break;
            out.push_back({(*pdu)->command, (*pdu)->status, (*pdu)->sequence, std::string((*pdu)->body)});
        }
        for (auto& each : output.completed) each.done(std::move(each.reply));
        for (auto& each : output.offered) offered.push_back(std::move(each));
        for (auto& each : output.log) log.push_back(std::move(each));
        if (output.close) closed = output.close;
        return out;
    }
    // The one PDU it wrote.
    Asked only() {
        const auto all = sent();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? Asked{} : all.front();
    }
    void answer(const Asked& asked, std::uint32_t status = 0, std::string_view body = {}) {
        session.on_bytes(encode(asked.command | command::kResponse, status, asked.sequence, body), now);
    }
    void give(std::uint32_t command, std::uint32_t sequence, std::string_view body = {}, std::uint32_t status = 0) {
        session.on_bytes(encode(command, status, sequence, body), now);
    }
    void pass(Millis time) {
        now.mono += time;
        now.wall += time;
        session.on_tick(now);
    }
    void become_bound() {
        session.on_connected(now);
        answer(only());
        sent();
        ASSERT_TRUE(session.bound());
    }
    void submit(const std::string& id, std::size_t parts = 1) {
        Prepared message;
        message.message = id;
        for (std::size_t i = 0; i < parts; ++i) message.parts.push_back(id + char('a' + static_cast<char>(i)));
        session.submit(
            std::move(message), [this, id](DeliveryReply reply) { replies[id].push_back(std::move(reply)); }, now);
    }
    DeliveryReply reply(const std::string& id) {
        sent();
        EXPECT_EQ(replies[id].size(), 1U) << id << " is answered exactly once";
        return replies[id].empty() ? DeliveryReply{} : replies[id].front();
    }

    Now now{WallTime(Millis(1'795'289'700'000)), MonoTime(Millis(1'000'000))};
    Session session;
    Framer framer;
    std::map<std::string, std::vector<DeliveryReply>> replies;
    std::vector<Offered> offered;
    std::vector<LogLine> log;
    std::optional<Error> closed;
};

}  // namespace citybridge::sms_smpp
