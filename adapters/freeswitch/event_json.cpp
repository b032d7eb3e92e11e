// Event: text/event-json. Headers are strings or arrays of strings; names may
// occur twice, so the parser's own dictionary is of no use.
#include <nlohmann/json.hpp>

#include "adapters/freeswitch/event.h"
#include "core/api/text.h"

namespace citybridge::freeswitch {
namespace {

using Json = nlohmann::json;

// A caller's name may come in bytes that are not UTF-8, which JSON forbids. As
// Latin-1 every byte is a character: widen, parse, narrow, and no byte is lost.
std::string widen(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out.push_back(c);
        } else {
            out.push_back(static_cast<char>(0xC0 | byte >> 6));
            out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
        }
    }
    return out;
}

std::string narrow(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool wide = (byte & 0xFC) == 0xC0 && i + 1 < text.size();
        out.push_back(wide ? static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F))
                           : text[i]);
    }
    return out;
}

// Gives each header of the outermost object to `sink`; what is nested deeper is passed over.
template <class Sink>
class Headers final : public nlohmann::json_sax<Json> {
public:
    Headers(Sink sink, bool narrowed) : sink_(std::move(sink)), narrowed_(narrowed) {}
    bool saw_object() const { return saw_object_; }

    bool key(string_t& name) override {
        if (depth_ == 1) name_ = narrowed_ ? narrow(name) : std::move(name);
        return true;
    }
    bool string(string_t& value) override { return take(narrowed_ ? narrow(value) : std::move(value)); }
    bool null() override { return take(""); }
    bool boolean(bool value) override { return take(value ? "true" : "false"); }
    bool number_integer(number_integer_t value) override { return take(std::to_string(value)); }
    bool number_unsigned(number_unsigned_t value) override { return take(std::to_string(value)); }
    bool number_float(number_float_t, const string_t& text) override { return take(text); }
    bool binary(binary_t&) override { return false; }

    bool start_object(std::size_t) override {
        if (depth_ == 0) saw_object_ = true;
        ++depth_;
        return true;
    }
    bool end_object() override {
        --depth_;
        return true;
    }
    bool start_array(std::size_t) override {
        if (depth_ == 0) return false;
        if (++depth_ == 2) {
            array_.clear();
            first_ = true;
        }
        return true;
    }
    bool end_array() override {
        if (depth_-- == 2) sink_(name_, array_);
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    bool take(std::string value) {
        if (depth_ == 0) return false;
        if (depth_ == 1) sink_(name_, value);
        if (depth_ != 2) return true;
        array_ += first_ ? "ARRAY::" : "|:";
        array_ += value;
        first_ = false;
        return true;
    }

    Sink sink_;
    bool narrowed_;
    bool saw_object_ = false;
    std::size_t depth_ = 0;
    std::string name_;
    std::string array_;
    bool first_ = true;  // no element of the array was taken yet
};

}  // namespace

Result<> Event::read_json(std::string_view text) {
    own(false);
    const auto sink = [this](std::string_view name, std::string_view value) {
        if (name == "_body")
            owned_body_ = value;
        else
            add(name, value);
    };
    const bool widened = !is_utf8(text);
    Headers headers(sink, widened);
    const bool whole = widened ? Json::sax_parse(widen(text), &headers) : Json::sax_parse(text, &headers);
    body_ = owned_body_;
    if (whole && headers.saw_object()) return ok();
    return Error{"freeswitch.bad_event",
                 "an event of " + std::to_string(text.size()) + " bytes is not the JSON it says"};
}

}  // namespace citybridge::freeswitch
