#include "core/desk/pattern.h"

#include <unicode/regex.h>

namespace citybridge::desk {
namespace {

constexpr int32_t kMostSteps = 200;      // ICU's own unit, about a millisecond each: far more than honest text takes
constexpr int32_t kMostStack = 256'000;  // bytes

class IcuPattern final : public Pattern {
public:
    explicit IcuPattern(std::unique_ptr<icu::RegexPattern> pattern) : pattern_(std::move(pattern)) {}

    bool matches(std::string_view utf8) const override {
        UErrorCode status = U_ZERO_ERROR;
        const auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())});
        const std::unique_ptr<icu::RegexMatcher> matcher(pattern_->matcher(text, status));
        if (U_FAILURE(status) != 0) return false;
        matcher->setTimeLimit(kMostSteps, status);
        matcher->setStackLimit(kMostStack, status);
        const bool found = matcher->matches(status) != 0;
        return U_SUCCESS(status) != 0 && found;
    }

private:
    std::unique_ptr<icu::RegexPattern> pattern_;
};

}  // namespace

std::shared_ptr<const Pattern> Pattern::compile(const std::string& expression, std::string& why) {
    UErrorCode status = U_ZERO_ERROR;
    UParseError place{};
    std::unique_ptr<icu::RegexPattern> pattern(
        icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(expression), 0, place, status));
    if (U_SUCCESS(status) != 0) return std::make_shared<IcuPattern>(std::move(pattern));
    why = std::string("it is no regular expression (") + u_errorName(status) + " at character " +
          std::to_string(place.offset) + ")";
    return nullptr;
}

}  // namespace citybridge::desk
