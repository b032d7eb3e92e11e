#include "plugins/sms_http/pattern.h"

#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>

#include <algorithm>

#include "core/api/text.h"

namespace citybridge::sms_http {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 10U;

}  // namespace

struct Pattern::Compiled {
    explicit Compiled(const std::string& text)
        : expression(text, Poco::RegularExpression::RE_UTF8 | Poco::RegularExpression::RE_DOTALL) {}
    Poco::RegularExpression expression;
};

Result<Pattern> Pattern::make(const std::string& text) {
    try {
        return Pattern(std::make_shared<const Compiled>(text));
    } catch (const Poco::Exception& failure) {
        return Error{"sms_http.bad_pattern", "is no regular expression: " + failure.displayText()};
    }
}

std::vector<std::string> Pattern::groups(std::string_view text) const {
    // The library wants valid UTF-8 and gives up on some texts; neither is a match.
    std::size_t end = std::min(text.size(), kMostBytes);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    const std::string bounded = to_utf8(text.substr(0, end), "GB18030");
    try {
        Poco::RegularExpression::MatchVec found;
        if (compiled_->expression.match(bounded, 0, found, 0) <= 0) return {};
        std::vector<std::string> out;
        for (const auto& each : found)
            out.push_back(each.offset == std::string::npos ? std::string() : bounded.substr(each.offset, each.length));
        return out;
    } catch (const Poco::Exception&) {
        return {};
    }
}

}  // namespace citybridge::sms_http
