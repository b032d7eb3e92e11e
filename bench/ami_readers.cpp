#include "bench/ami_readers.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "adapters/asterisk/framer.h"
#include "adapters/asterisk/replay_peer.h"
#include "adapters/asterisk/session.h"
#include "core/calls/call_book.h"

namespace citybridge::bench {
namespace {

class Receiver final : public AmiReader {
public:
    void take(std::string_view) override {}
    Tally tally() const override { return {}; }
};

class PlainSplitter final : public AmiReader {
public:
    void take(std::string_view bytes) override {
        buffer_.append(bytes);
        std::size_t begin = 0;
        while (const std::size_t end = split_event(begin)) begin = end;
        buffer_.erase(0, begin);
    }
    Tally tally() const override { return tally_; }

private:
    // Offset after the event that begins at `at`; 0: it is not complete yet.
    std::size_t split_event(std::size_t at) {
        fields_.clear();
        const std::string_view text(buffer_);
        for (;;) {
            const std::size_t end = text.find("\r\n", at);
            if (end == std::string_view::npos) return 0;
            const std::string_view line = text.substr(at, end - at);
            at = end + 2;
            if (line.empty()) break;
            const std::size_t colon = line.find(": ");
            if (colon == std::string_view::npos)
                fields_.emplace_back(line, std::string_view());
            else
                fields_.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        }
        ++tally_.events;
        tally_.fields += fields_.size();
        for (const auto& [key, value] : fields_) tally_.value_bytes += value.size();
        return at;
    }

    std::string buffer_;
    std::vector<std::pair<std::string_view, std::string_view>> fields_;
    Tally tally_;
};

class Decoder final : public AmiReader {
public:
    void take(std::string_view bytes) override {
        framer_.feed(bytes);
        for (;;) {
            const auto message = framer_.next();
            if (!message) throw std::runtime_error(message.error().detail);
            if (*message == nullptr) return;
            const auto& fields = (*message)->fields();
            // The plain splitter sees the banner as a line of the first message.
            if ((*message)->kind() != asterisk::Message::Kind::banner) ++tally_.events;
            tally_.fields += fields.size();
            for (const asterisk::Field& field : fields) tally_.value_bytes += field.value.size();
        }
    }
    Tally tally() const override { return tally_; }

private:
    asterisk::Framer framer_;
    Tally tally_;
};

class CallReader final : public AmiReader {
public:
    CallReader() : session_(settings(), 1), book_({.city = "bench", .pbx = "pbx1"}) {
        asterisk::ReplayPeer pbx("");
        const Now now = system_now();
        session_.on_connected(now);
        session_.on_bytes(pbx.on_connected(), now);
        for (std::string out = act(now); !out.empty(); out = act(now)) session_.on_bytes(pbx.on_client_bytes(out), now);
        if (!session_.ready()) throw std::runtime_error("the session did not become ready");
        tally_ = {};
    }

    void take(std::string_view bytes) override {
        const Now now = system_now();
        session_.on_bytes(bytes, now);
        act(now);
        book_.tick(now, events_);
        count();
    }
    Tally tally() const override { return tally_; }

private:
    static asterisk::SessionSettings settings() {
        asterisk::SessionSettings out;
        out.user = "bench";
        out.secret = "bench";
        return out;
    }

    // Applies what the session made of its input; returns what it wants to write.
    std::string act(Now now) {
        asterisk::Output out = session_.take_output();
        if (out.close) throw std::runtime_error(out.close->detail);
        for (const PbxSignal& signal : out.signals) {
            book_.apply(signal, now, events_);
            count();
        }
        return std::move(out.write);
    }

    void count() {
        for (const Event& event : events_) {
            ++tally_.call_events;
            if (const auto* contact = std::get_if<ContactChanged>(&event)) {
                if (contact->what == ContactChanged::What::started) ++tally_.contacts_started;
                if (contact->what == ContactChanged::What::ended) ++tally_.contacts_ended;
            }
            const auto* offer = std::get_if<OfferChanged>(&event);
            if (offer != nullptr && offer->what == OfferChanged::What::shown) ++tally_.offers_shown;
        }
        events_.clear();
    }

    asterisk::Session session_;
    calls::CallBook book_;
    std::vector<Event> events_;
    Tally tally_;
};

}  // namespace

std::unique_ptr<AmiReader> make_receiver() { return std::make_unique<Receiver>(); }
std::unique_ptr<AmiReader> make_plain_splitter() { return std::make_unique<PlainSplitter>(); }
std::unique_ptr<AmiReader> make_decoder() { return std::make_unique<Decoder>(); }
std::unique_ptr<AmiReader> make_call_reader() { return std::make_unique<CallReader>(); }

}  // namespace citybridge::bench
