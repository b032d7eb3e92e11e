#pragma once
// A translator that is told events one by one, as they are framed on the wire.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "adapters/freeswitch/translate.h"
#include "tests/unit/freeswitch/pbx_script.h"

namespace citybridge::freeswitch {

struct Translated : testing::Test {
    static constexpr WallTime kArrival{Millis{1'795'289'701'706}};

    std::vector<PbxSignal> of(const Fields& fields) {
        Framer framer;
        framer.feed(event_frame(fields));
        const auto frame = framer.next();
        EXPECT_TRUE(frame && *frame != nullptr);
        EXPECT_TRUE(event.read(**frame));
        std::vector<PbxSignal> out;
        translator.translate(event, kArrival, out);
        return out;
    }
    std::vector<PbxSignal> of(std::string name, std::string channel, const Fields& rest = {}) {
        Fields fields{{"Event-Name", std::move(name)}, {"Unique-ID", std::move(channel)}};
        fields.insert(fields.end(), rest.begin(), rest.end());
        return of(fields);
    }
    // Of one kind, with the channels they are of.
    template <class T>
    static std::vector<std::pair<std::string, T>> said(const std::vector<PbxSignal>& signals) {
        std::vector<std::pair<std::string, T>> out;
        for (const PbxSignal& s : signals)
            if (const T* body = std::get_if<T>(&s.body)) out.emplace_back(s.channel, *body);
        return out;
    }
    template <class T>
    static std::vector<T> bodies(const std::vector<PbxSignal>& signals) {
        std::vector<T> out;
        for (auto& [channel, body] : said<T>(signals)) out.push_back(std::move(body));
        return out;
    }

    Translator translator{TranslatorSettings{}};
    Event event;
};

}  // namespace citybridge::freeswitch
