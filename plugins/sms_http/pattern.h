#pragma once
// A regular expression of the settings. Bounded: texts are looked at up to 16 KiB.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/result.h"

namespace citybridge::sms_http {

class Pattern {
public:
    // Perl's syntax, UTF-8. Error "sms_http.bad_pattern" says what is wrong with it.
    static Result<Pattern> make(const std::string& text);

    // The whole match and its groups of the first place that fits; empty: none.
    std::vector<std::string> groups(std::string_view text) const;

private:
    struct Compiled;
    explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace citybridge::sms_http
