#include "tests/fuzz/email_build_fuzz.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "plugins/email/charsets.h"
#include "plugins/email/header_writer.h"
#include "plugins/email/mime.h"
#include "plugins/email/outgoing.h"
#include "tests/fuzz/email_seeds.h"

namespace {

using namespace citybridge;
using namespace citybridge::email;

void must(bool holds) {
    if (!holds) std::abort();
}

// What is no JSON is read as UTF-8 texts: subject, name and body, parted by line feeds that stay in them.
std::string payload_of(std::string_view bytes) {
    if (nlohmann::json::accept(bytes)) return std::string(bytes);
    const std::string text = to_readable(bytes, "ISO-8859-1", "GB18030");
    const std::string third = shortened(text, text.size() / 3);
    const nlohmann::json payload{{"to", "a@b.example"}, {"subject", third}, {"name", text},
                                 {"text", text},        {"html", third},    {"confirm", text.size() % 2 == 0}};
    return payload.dump();
}

void expect_lines(std::string_view bytes) {
    std::size_t length = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        must(bytes[at] != '\0');
        if (bytes[at] == '\r') must(at + 1 < bytes.size() && bytes[at + 1] == '\n');
        if (bytes[at] == '\n') must(at > 0 && bytes[at - 1] == '\r');
        length = bytes[at] == '\n' ? 0 : length + 1;
        must(length <= 999);
    }
    must(bytes.ends_with("\r\n"));
}

}  // namespace

int fuzz_email_build(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    OutboxRecord message;
    message.order = "ord_0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
    message.id = message.order + ".5.mail.t1";
    message.payload = payload_of({reinterpret_cast<const char*>(data) + 1, size - 1});
    Writer writer;
    writer.from = {"desk", "city.example"};
    writer.reply_to = {(data[0] & 2U) != 0 ? "reply" : "a.mailbox.with.a.long.name", "city.example"};
    writer.delimiter = (data[0] & 1U) != 0 ? '+' : '\0';
    writer.id_domain = "city.example";
    writer.max_bytes = 1 << 20;
    const auto mail = prepare_mail(message, writer, email_fuzz_keys());
    if (!mail) return 0;
    must(mail->bytes.size() <= writer.max_bytes);
    must(mail->envelope.to.find_first_of(" <>\r\n") == std::string::npos);
    expect_lines(mail->bytes);

    // Read again it has the headers that are ours, and no other.
    const MailPart read = parse_mail(mail->bytes);
    static constexpr std::string_view kOurs[] = {
        "date",       "from",           "to",           "reply-to",     "subject",
        "message-id", "auto-submitted", "mime-version", "content-type", "content-transfer-encoding"};
    for (const MailHeader& header : read.headers)
        must(std::find(std::begin(kOurs), std::end(kOurs), header.name) != std::end(kOurs));
    must(read.headers.size() <= std::size(kOurs));
    const auto payload = nlohmann::json::parse(message.payload);
    const std::string subject =
        one_line(payload.contains("subject") && payload["subject"].is_string() ? payload["subject"].get<std::string>()
                                                                               : std::string());
    const std::string told = decoded_words(*read.header("subject"), "GB18030");
    must(told.starts_with(subject) || subject.find_first_not_of(' ') == std::string::npos);
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_email_build(data, size);
}
#endif
