#include "tests/fuzz/email_parse_fuzz.h"

#include <cstdlib>
#include <string_view>

#include "core/api/text.h"
#include "plugins/email/mime.h"
#include "plugins/email/reply.h"
#include "tests/fuzz/email_seeds.h"

namespace {

using namespace citybridge;
using namespace citybridge::email;

std::size_t count_parts(const MailPart& part, int depth) {
    if (depth > kMaxDepth || part.headers.size() > kMaxHeaders) std::abort();
    std::size_t count = 1;
    for (const MailPart& each : part.parts) count += count_parts(each, depth + 1);
    return count;
}

}  // namespace

int fuzz_email_parse(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (count_parts(parse_mail(bytes), 0) > kMaxParts + 1) std::abort();

    static const TokenKeys keys = email_fuzz_keys();
    static const TokenKeys others("mail", {"another key, of a node far away..."});
    const Reply reply = read_reply(bytes, keys, "GB18030");
    if (reply.id.empty() || reply.text.size() > kMaxReplyText * 2 || reply.subject.size() > kMaxReplySubject * 2)
        std::abort();
    if (!is_utf8(reply.text) || !is_utf8(reply.subject) || !is_utf8(reply.from)) std::abort();
    if (!keys.find_in(reply.text).empty() || !keys.find_in(reply.subject).empty()) std::abort();
    // Only a genuine token names a mail, and only a named mail is confirmed.
    if (reply.message.empty() && reply.kind != ReplyKind::unrelated) std::abort();
    if (read_reply(bytes, others, "GB18030").kind != ReplyKind::unrelated) std::abort();
    (void)inbound_of(reply, "mail", WallTime{}).data.dump();
    return 0;
}

#ifdef CITYBRIDGE_LIBFUZZER
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return fuzz_email_parse(data, size);
}
#endif
