#include "core/host/http_multi.h"

#include <algorithm>
#include <mutex>
#include <new>

namespace citybridge {
namespace {

CURLM* make_multi() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    CURLM* const multi = curl_multi_init();
    if (multi == nullptr) throw std::bad_alloc();
    return multi;
}

std::uint32_t epoll_events(int what) {
    std::uint32_t events = 0;
    if ((what & CURL_POLL_IN) != 0) events |= EPOLLIN;
    if ((what & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
    return events;
}

// An error or hang-up is told as readable: what the far side said before it is
// read first, then the read itself tells the error.
int curl_events(std::uint32_t events) {
    int out = 0;
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) out |= CURL_CSELECT_IN;
    if ((events & EPOLLOUT) != 0) out |= CURL_CSELECT_OUT;
    return out;
}

// 0 is the wait set's own.
std::uint64_t key_of(curl_socket_t socket) { return static_cast<std::uint64_t>(socket) + 1; }

}  // namespace

HttpMulti::HttpMulti(long kept_connections) : multi_(make_multi()) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &HttpMulti::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &HttpMulti::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kept_connections);
}

HttpMulti::~HttpMulti() { curl_multi_cleanup(multi_); }

bool HttpMulti::add(CURL* handle) { return curl_multi_add_handle(multi_, handle) == CURLM_OK; }

void HttpMulti::remove(CURL* handle) { curl_multi_remove_handle(multi_, handle); }

void HttpMulti::run(Millis most) {
    Millis wait = most;
    if (timer_) wait = std::clamp(*timer_ - system_now().mono, Millis(0), most);
    int running = 0;
    for (const auto& event : waits_.wait(static_cast<int>(wait.count())))
        curl_multi_socket_action(multi_, static_cast<curl_socket_t>(event.data.u64 - 1), curl_events(event.events),
                                 &running);
    if (timer_ && *timer_ <= system_now().mono) {
        timer_.reset();  // before the call, which may set it again
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

std::optional<HttpMulti::Done> HttpMulti::next_done() {
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) return Done{message->easy_handle, message->data.result};
    return {};
}

int HttpMulti::on_socket(CURL*, curl_socket_t socket, int what, void* self, void* known) {
    auto& multi = *static_cast<HttpMulti*>(self);
    if (what == CURL_POLL_REMOVE) {
        multi.waits_.remove(socket);
        return 0;
    }
    if (known != nullptr) return multi.waits_.change(socket, epoll_events(what), key_of(socket)) ? 0 : -1;
    if (!multi.waits_.add(socket, epoll_events(what), key_of(socket))) return -1;
    curl_multi_assign(multi.multi_, socket, self);
    return 0;
}

int HttpMulti::on_timer(CURLM*, long timeout_ms, void* self) {
    auto& multi = *static_cast<HttpMulti*>(self);
    multi.timer_.reset();
    if (timeout_ms >= 0) multi.timer_ = system_now().mono + Millis(timeout_ms);
    return 0;
}

}  // namespace citybridge
