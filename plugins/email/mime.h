#pragma once
// A mail taken apart (RFC 5322, 2045, 2046, 3464). Pure, and for anything that
// strangers send: nothing is an error, what is broken is read as far as it can
// be. Work and memory are bounded by the input's size and the limits below.
#include <string>
#include <string_view>
#include <vector>

namespace citybridge::email {

inline constexpr std::size_t kMaxHeaders = 500;           // of one part; later ones are not seen
inline constexpr std::size_t kMaxHeaderBytes = 64 << 10;  // of one value
inline constexpr std::size_t kMaxParts = 100;             // of a mail
inline constexpr int kMaxDepth = 8;                       // of parts within parts

struct MailHeader {
    std::string name;   // lower case
    std::string value;  // as it came, unfolded
};

struct MailPart {
    std::vector<MailHeader> headers;
    std::string type;             // "text/plain", lower case
    std::string charset;          // as it came
    std::string body;             // a leaf's, with its transfer encoding undone
    std::vector<MailPart> parts;  // of multipart/* and message/rfc822

    // The first of this name (lower case), or nullptr.
    const std::string* header(std::string_view name) const;
    // All of this name, one after the other with line ends between.
    std::string all(std::string_view name) const;
};

MailPart parse_mail(std::string_view bytes);

// A header block as in message/delivery-status, and what follows its blank line.
std::vector<MailHeader> parse_headers(std::string_view bytes, std::size_t& body_begin);

// The parameter of a structured value, RFC 2231's continuations and charsets undone: ("a/b; name=x", "name") -> "x".
// `charset`: of the result, "" if it is not told.
std::string parameter_of(std::string_view value, std::string_view name, std::string* charset = nullptr);

}  // namespace citybridge::email
