#include "tools/stand_in/erp_stand_in.h"

#include <openssl/crypto.h>

#include <atomic>
#include <charconv>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tools/stand_in/http_door.h"
#include "tools/stand_in/signature.h"

namespace citybridge::stand_in {
namespace {

using nlohmann::json;

struct Address {
    std::string door = "rest";
    std::string system;
    std::string path;  // behind /erp/<system>
    std::string query;
};

Address address_of(std::string_view target) {
    Address out;
    const std::size_t question = std::min(target.find('?'), target.size());
    if (question < target.size()) out.query = target.substr(question + 1);
    std::string_view path = target.substr(0, question);
    constexpr std::string_view prefix = "/erp/";
    if (path.starts_with(prefix)) {
        path.remove_prefix(prefix.size());
        out.system = path.substr(0, path.find('/'));
        path.remove_prefix(out.system.size());
        out.door += '/' + out.system;
    }
    out.path = path;
    return out;
}

std::string decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        int value = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string asked_key(std::string_view query) {
    while (!query.empty()) {
        const std::string_view one = query.substr(0, query.find('&'));
        for (const std::string_view name : {std::string_view("citybridge_id="), std::string_view("key=")})
            if (one.starts_with(name)) return decoded(one.substr(name.size()));
        query.remove_prefix(std::min(one.size() + 1, query.size()));
    }
    return {};
}

std::string text_at(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Reply error(int status, const std::string& why) {
    Reply reply;
    reply.status = status;
    reply.body = json{{"error", why}}.dump();
    return reply;
}

Reply answer(int status, const json& body) {
    Reply reply;
    reply.status = status;
    reply.body = body.dump();
    return reply;
}

// What a fault that comes after the effect makes of the right answer.
Reply spoilt(Fault fault, Reply reply, const Faults& faults) {
    switch (fault) {
        case Fault::late_answer: reply.wait = faults.late_by; break;
        case Fault::commit_then_500: return error(500, "something went wrong");
        case Fault::commit_then_drop: reply.drop = true; break;
        case Fault::none:
        case Fault::slam:
        case Fault::fail_500:
        case Fault::busy_503:
        case Fault::late_effect: break;
    }
    return reply;
}

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

struct ErpStandIn::Impl {
    Options options;
    Ledger ledger;
    FaultDice dice;
    Messenger messenger;
    std::atomic<std::uint64_t> refused_signatures{0};
    std::atomic<std::uint64_t> refused_requests{0};
    std::mutex standing_mutex;
    std::map<std::string, std::string> standing;  // guarded by standing_mutex: door and number -> state
    HttpDoor http;

    explicit Impl(Options given)
        : options(std::move(given)),
          dice(options.faults, options.seed),
          messenger(options.messages),
          http({[this] { return dice.draw_slam(); }, [this](const Request& request) { return handle(request); }}) {}

    Reply handle(const Request& request) {
        constexpr std::string_view hook = "/hook/";
        if (request.target.starts_with(hook)) return take_hook(request, request.target.substr(hook.size()));
        return rest(request);
    }

    // True, with the answer: a fault that comes before any effect.
    bool fails_before(Fault fault, Reply& reply) {
        if (fault == Fault::fail_500) reply = error(500, "out of order");
        if (fault == Fault::busy_503) {
            reply = error(503, "busy");
            reply.extra_headers = "Retry-After: " + std::to_string(dice.faults().retry_after_s) + "\r\n";
        }
        if (fault == Fault::late_effect) http.pause(dice.faults().late_by);
        return fault == Fault::fail_500 || fault == Fault::busy_503;
    }

    Reply refuse_signature(int status, const std::string& why) {
        ++refused_signatures;
        return error(status, why);
    }
    Reply refuse(int status, const std::string& why) {
        ++refused_requests;
        return error(status, why);
    }

    Reply take_hook(const Request& request, const std::string& name) {
        const auto secret = options.hook_secrets.find(name);
        if (request.method != "POST" || secret == options.hook_secrets.end()) return refuse(404, "no such hook");
        const std::string id(request.header("webhook-id"));
        const std::string_view timestamp = request.header("webhook-timestamp");
        std::int64_t seconds = 0;
        const auto parsed = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
        if (id.empty() || parsed.ec != std::errc() || parsed.ptr != timestamp.data() + timestamp.size())
            return refuse_signature(400, "webhook-id and webhook-timestamp are needed");
        const auto now = std::chrono::floor<std::chrono::seconds>(system_now().wall).time_since_epoch();
        if (std::chrono::abs(now - std::chrono::seconds(seconds)) > options.tolerance)
            return refuse_signature(400, "webhook-timestamp is too far from our clock");
        if (!verify(secret->second, id, timestamp, request.body, request.header("webhook-signature")))
            return refuse_signature(401, "no signature fits");
        const std::string door = "hook/" + name;
        const std::string order = order_of_event(id, request.body);
        const Fault fault = dice.draw();
        Reply reply;
        if (fails_before(fault, reply)) {
            ledger.arrived(door, id, order, request.body);
            return reply;
        }
        const bool first = ledger.enter(Mode::dedupes, door, id, "", order, request.body).first;
        return spoilt(fault, answer(200, {{"status", first ? "taken" : "known"}}), dice.faults());
    }

    static std::string order_of_event(const std::string& id, const std::string& body) {
        std::string order = order_in_key(id);
        if (!order.empty()) return order;
        const json document = json::parse(body, nullptr, false);
        if (!document.is_object()) return {};
        const auto data = document.find("data");
        return data != document.end() && data->is_object() ? text_at(*data, "id") : text_at(document, "order");
    }

    Reply rest(const Request& request) {
        const Address address = address_of(request.target);
        const auto system = options.systems.find(address.system);
        if (!address.system.empty() && system == options.systems.end()) return refuse(404, "no such system");
        const Mode mode = address.system.empty() ? options.mode : system->second;
        if (!options.token.empty() && !same(request.header("authorization"), "Bearer " + options.token))
            return refuse(401, "the token is wrong");
        if (request.method == "GET" && address.path == "/orders") return look_up(address, mode);
        if (request.method == "GET") return refuse(404, "no such page");
        return take_record(request, address, mode);
    }

    Reply look_up(const Address& address, Mode mode) {
        const Fault fault = dice.draw();
        Reply reply;
        if (fails_before(fault, reply)) return reply;
        const std::string key = asked_key(address.query);
        if (key.empty()) return refuse(400, "ask by ?citybridge_id= or ?key=");
        json list = json::array();
        // Who does not keep the key cannot find by it.
        if (mode != Mode::neither)
            if (const auto number = ledger.number_of(address.door, key))
                list.push_back({{"id", *number}, {"citybridge_id", key}});
        return spoilt(fault, answer(200, list), dice.faults());
    }

    Reply take_record(const Request& request, const Address& address, Mode mode) {
        const json body = json::parse(request.body, nullptr, false);
        if (!body.is_object()) return refuse(400, "a JSON object is needed");
        std::string key(request.header("idempotency-key"));
        if (key.empty()) key = text_at(body, "citybridge_id");
        if (key.empty()) return refuse(400, "Idempotency-Key or citybridge_id is needed");
        const auto what = kind_of(address, body);
        if (!what)
            return what.error().code == "stand_in.unknown_order" ? refuse(404, what.error().detail)
                                                                 : refuse(400, what.error().detail);
        std::string order = text_at(body, "order");
        if (order.empty()) order = order_in_key(key);
        const Fault fault = dice.draw();
        Reply reply;
        if (fails_before(fault, reply)) {
            ledger.arrived(address.door, key, order, request.body);
            return reply;
        }
        const Ledger::Entered entered = ledger.enter(mode, address.door, key, *what, order, request.body);
        if (*what == "order" && entered.first) messenger.order_taken(address.system, order, entered.number);
        const std::string number = *what == "order" ? entered.number : text_at(body, "external_id");
        const std::string state = stands(address.door + '/' + number, entered.first ? *what : std::string());
        if (*what == "query_order" && entered.first)
            messenger.order_asked(address.system, order, number, "state: " + state);
        return spoilt(
            fault,
            answer(entered.first ? 201 : 200, {{"id", entered.number}, {"citybridge_id", key}, {"state", state}}),
            dice.faults());
    }

    // Where a record stands after a message of this kind.
    std::string stands(const std::string& record, const std::string& what) {
        static const std::map<std::string, std::string> moves{{"order", "open"},
                                                              {"escalate_order", "escalated"},
                                                              {"reopen_order", "reopened"},
                                                              {"close_order", "closed"},
                                                              {"cancel_order", "cancelled"}};
        std::lock_guard lock(standing_mutex);
        std::string& state = standing[record];
        if (const auto move = moves.find(what); move != moves.end()) state = move->second;
        return state;
    }

    // "order", "note", or the kind that the path names; all but the first are about an order we must know.
    Result<std::string> kind_of(const Address& address, const json& body) const {
        std::string_view path = address.path;
        if (path == "/orders") return std::string("order");
        constexpr std::string_view orders = "/orders/";
        constexpr std::string_view notes = "/notes";
        std::string what(path.substr(std::min<std::size_t>(1, path.size())));
        std::string number = text_at(body, "external_id");
        if (path.starts_with(orders) && path.ends_with(notes)) {
            path.remove_prefix(orders.size());
            path.remove_suffix(notes.size());
            number = decoded(path);
            what = "note";
        }
        if (what.empty() || what.find('/') != std::string::npos)
            return Error{"stand_in.bad_path", "no such page: " + address.path};
        if (!ledger.knows_order(address.door, number))
            return Error{"stand_in.unknown_order", "no order with the number \"" + number + "\""};
        return what;
    }
};

ErpStandIn::ErpStandIn(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}

ErpStandIn::~ErpStandIn() { stop(); }

Result<> ErpStandIn::start() {
    try {
        for (const auto& [name, secret] : impl_->options.hook_secrets) sign(secret, "", "", "");
    } catch (const std::invalid_argument& e) {
        return Error{"stand_in.secret", e.what()};
    }
    impl_->messenger.start();
    return impl_->http.start(impl_->options.port);
}

std::uint16_t ErpStandIn::port() const { return impl_->http.port(); }

void ErpStandIn::stop() {
    impl_->http.stop();
    impl_->messenger.stop();
}

void ErpStandIn::set_faults(const Faults& faults) { impl_->dice.set(faults); }
void ErpStandIn::set_node(const std::string& system, NodeDoor door) {
    impl_->messenger.set_node(system, std::move(door));
}
const Ledger& ErpStandIn::ledger() const { return impl_->ledger; }
const FaultDice& ErpStandIn::faults() const { return impl_->dice; }
ErpStandIn::Refused ErpStandIn::refused() const { return {impl_->refused_signatures, impl_->refused_requests}; }
std::vector<SentMessage> ErpStandIn::sent() const { return impl_->messenger.sent(); }
bool ErpStandIn::messages_idle() const { return impl_->messenger.idle(); }

}  // namespace citybridge::stand_in
