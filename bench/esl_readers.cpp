#include "bench/esl_readers.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/freeswitch/event.h"

namespace citybridge::bench {
namespace {

using freeswitch::Event;
using freeswitch::Frame;
using freeswitch::Framer;

// What the translator of the adapter asks a call event for, present or not.
constexpr std::array<std::string_view, kReadHeaders> kReadHeaders{"Unique-ID",
                                                                  "Event-Date-Timestamp",
                                                                  "Channel-Name",
                                                                  "Caller-Caller-ID-Number",
                                                                  "Caller-Caller-ID-Name",
                                                                  "Caller-Destination-Number",
                                                                  "Call-Direction",
                                                                  "Channel-State",
                                                                  "Answer-State",
                                                                  "Other-Leg-Unique-ID",
                                                                  "variable_cc_member_session_uuid",
                                                                  "variable_cc_side",
                                                                  "Hangup-Cause",
                                                                  "variable_sip_hangup_disposition",
                                                                  "Bridge-A-Unique-ID",
                                                                  "Bridge-B-Unique-ID",
                                                                  "Channel-Call-UUID",
                                                                  "variable_originate_disposition",
                                                                  "CC-Action",
                                                                  "variable_transfer_disposition"};

class BareReader : public EslReader {
public:
    void take(std::string_view bytes) override {
        buffer_.append(bytes);
        std::size_t begin = 0;
        while (const std::size_t end = frame(begin)) begin = end;
        buffer_.erase(0, begin);
    }
    EslTally tally() const override { return tally_; }

protected:
    using Header = std::pair<std::string_view, std::string_view>;
    virtual void use(const std::vector<Header>& headers) = 0;
    EslTally tally_;

private:
    // Offset after the frame that begins at `at`; 0: it is not complete yet.
    std::size_t frame(std::size_t at) {
        const std::string_view text(buffer_);
        const std::size_t end = text.find("\n\n", at);
        if (end == std::string_view::npos) return 0;
        std::size_t length = 0;
        constexpr std::string_view kLength = "Content-Length: ";
        const std::size_t found = text.substr(at, end - at).find(kLength);
        if (found != std::string_view::npos)
            length = std::strtoul(text.data() + at + found + kLength.size(), nullptr, 10);
        if (text.size() < end + 2 + length) return 0;
        if (length != 0) index(text.substr(end + 2, length));
        return end + 2 + length;
    }

    void index(std::string_view body) {
        headers_.clear();
        const char* line = body.data();
        const char* const end = line + body.size();
        while (line < end && *line != '\n') {
            const auto left = static_cast<std::size_t>(end - line);
            const char* line_end = static_cast<const char*>(std::memchr(line, '\n', left));
            if (line_end == nullptr) line_end = end;
            const auto size = static_cast<std::size_t>(line_end - line);
            const char* colon = static_cast<const char*>(std::memchr(line, ':', size));
            if (colon != nullptr && line_end - colon >= 2)
                headers_.emplace_back(std::string_view(line, static_cast<std::size_t>(colon - line)),
                                      std::string_view(colon + 2, static_cast<std::size_t>(line_end - colon - 2)));
            line = line_end + 1;
        }
        ++tally_.events;
        tally_.headers += headers_.size();
        use(headers_);
    }

    std::string buffer_;
    std::vector<Header> headers_;
};

class BareIndexer final : public BareReader {
    void use(const std::vector<Header>& headers) override {
        for (const auto& [name, value] : headers) tally_.value_bytes += value.size();
    }
};

class BareDecoder final : public BareReader {
public:
    BareDecoder() {
        for (int c = 0; c < 256; ++c) digits_[static_cast<std::size_t>(c)] = -1;
        for (int i = 0; i < 16; ++i)
            digits_[static_cast<unsigned char>("0123456789ABCDEF"[i])] = static_cast<std::int8_t>(i);
    }

private:
    void use(const std::vector<Header>& headers) override {
        std::size_t room = 0;
        for (const auto& [name, value] : headers) room += value.size();
        if (out_.size() < room) out_.resize(room);
        char* out = out_.data();
        for (const auto& [name, value] : headers) {
            const char* at = value.data();
            const char* const end = at + value.size();
            for (; at != end; ++at) {
                if (*at == '%' && end - at > 2) {
                    const int byte =
                        digits_[static_cast<unsigned char>(at[1])] * 16 + digits_[static_cast<unsigned char>(at[2])];
                    *out++ = static_cast<char>(byte);
                    at += 2;
                } else {
                    *out++ = *at;
                }
            }
        }
        tally_.value_bytes += static_cast<std::size_t>(out - out_.data());
    }

    std::array<std::int8_t, 256> digits_{};
    std::string out_;
};

class AdapterReader : public EslReader {
public:
    void take(std::string_view bytes) override {
        framer_.feed(bytes);
        while (true) {
            const auto frame = framer_.next();
            if (!frame) throw std::runtime_error(frame.error().detail);
            if (*frame == nullptr) return;
            if (!(*frame)->is_event()) continue;
            if (const auto read = event_.read(**frame); !read) throw std::runtime_error(read.error().detail);
            ++tally_.events;
            use(event_);
        }
    }
    EslTally tally() const override { return tally_; }

protected:
    virtual void use(const Event& event) = 0;
    EslTally tally_;

private:
    Framer framer_;
    Event event_;
};

class ValueReader final : public AdapterReader {
    void use(const Event& event) override {
        tally_.value_bytes += event.name().size();
        for (const std::string_view name : kReadHeaders) tally_.value_bytes += event.value(name).size();
    }
};

class AllReader final : public AdapterReader {
    void use(const Event& event) override {
        for (const Event::Pair& pair : event.all()) tally_.value_bytes += pair.value.size();
        tally_.headers += event.size();
    }
};

}  // namespace

std::unique_ptr<EslReader> make_bare_indexer() { return std::make_unique<BareIndexer>(); }
std::unique_ptr<EslReader> make_bare_decoder() { return std::make_unique<BareDecoder>(); }
std::unique_ptr<EslReader> make_value_reader() { return std::make_unique<ValueReader>(); }
std::unique_ptr<EslReader> make_all_reader() { return std::make_unique<AllReader>(); }

}  // namespace citybridge::bench
