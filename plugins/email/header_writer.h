#pragma once
// Header fields as RFC 5322, 2047 and 2231 want them: lines of at most 78
// characters where anything can be folded, other characters than ASCII in
// encoded-words that never split one. Nothing given here can start a line of
// its own. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "plugins/email/address.h"

namespace citybridge::email {

// One line for people: control characters and line separators become blanks.
std::string one_line(std::string_view utf8);

class HeaderWriter {
public:
    // Text for people, UTF-8: Subject.
    void text(std::string_view name, std::string_view utf8);
    // `display` <address>: From, To, Reply-To. Empty display: the address alone.
    void mailbox(std::string_view name, std::string_view display, const Address& address);
    // Precondition: printable ASCII, made by this room or checked. Folded at its blanks only.
    void plain(std::string_view name, std::string_view value);
    // "value; parameter=..." with the parameter by RFC 2231 where it is not plain; none if `text` is empty.
    void with_parameter(std::string_view name, std::string_view value, std::string_view parameter,
                        std::string_view text);

    const std::string& bytes() const { return out_; }

private:
    void begin(std::string_view name);
    void word(std::string_view word);  // on this line if it fits, else on the next
    void encoded_words(std::string_view utf8);
    void end();

    std::string out_;
    std::size_t column_ = 0;
};

}  // namespace citybridge::email
