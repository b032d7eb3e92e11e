#pragma once
// Rows of a settings table, and what a plugin says of values that only it can
// judge. A plugin's table is a list of these; parsing is settings.h.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/delivery_text.h"
#include "core/api/settings.h"

namespace citybridge::setting_rows {

template <class C>
Setting<C> text(std::string_view name, std::string_view fallback, std::string_view sentence, std::string C::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.fallback = fallback;
    doc.sentence = sentence;
    return {doc, member};
}

template <class C>
Setting<C> list(std::string_view name, std::string_view fallback, std::string_view sentence,
                std::vector<std::string> C::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.type = SettingType::list;
    doc.fallback = fallback;
    doc.sentence = sentence;
    return {doc, member};
}

template <class C>
Setting<C> boolean(std::string_view name, std::string_view fallback, std::string_view sentence, bool C::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.type = SettingType::boolean;
    doc.fallback = fallback;
    doc.sentence = sentence;
    return {doc, member};
}

// `choices`: "plain|md5".
template <class C>
Setting<C> choice(std::string_view name, std::string_view choices, std::string_view fallback, std::string_view sentence,
                  std::string C::*member) {
    Setting<C> row = text(name, fallback, sentence, member);
    row.doc.type = SettingType::choice;
    row.doc.choices = choices;
    return row;
}

// From `min` to `max`, both included.
template <class C>
Setting<C> integer(std::string_view name, std::string_view unit, std::string_view fallback, std::int64_t min,
                   std::int64_t max, std::string_view sentence, std::int64_t C::*member) {
    SettingDoc doc;
    doc.name = name;
    doc.type = SettingType::integer;
    doc.unit = unit;
    doc.fallback = fallback;
    doc.min = min;
    doc.max = max;
    doc.sentence = sentence;
    return {doc, member};
}

template <class C>
Setting<C> required(Setting<C> row) {
    row.doc.required = true;
    return row;
}

// Never in logs, and empty unless it is given.
template <class C>
Setting<C> secret(std::string_view name, std::string_view sentence, std::string C::*member) {
    Setting<C> row = text(name, "", sentence, member);
    row.doc.secret = true;
    return row;
}

}  // namespace citybridge::setting_rows

namespace citybridge {

// Collects what is wrong with values whose form is right, each with its place.
class SettingsJudge {
public:
    SettingsJudge(const RawSettings& raw, Problems& problems) : raw_(raw), problems_(problems) {}

    // `sentence` goes on behind the setting's name: "must name at least one status".
    void wrong(std::string_view name, const std::string& sentence) {
        problems_.push_back({place_of(raw_, name), std::string(name) + ' ' + sentence});
    }
    // Waits between attempts, "5s, 1m"; never empty when there was no problem.
    std::vector<Millis> schedule(std::string_view name, std::string_view text) {
        auto out = parse_schedule(text);
        if (out) return std::move(*out);
        wrong(name, out.error().detail);
        return {};
    }

private:
    const RawSettings& raw_;
    Problems& problems_;
};

}  // namespace citybridge
