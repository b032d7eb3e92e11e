#include "tools/demo/event_stream.h"

#include <Poco/Buffer.h>
#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/WebSocket.h>

#include <utility>

namespace citybridge::demo {
namespace {

constexpr int kStreamTimeoutSeconds = 10;

}  // namespace

EventStream::EventStream(std::uint16_t port, std::string token, std::function<void(const Frame&)> on_frame)
    : on_frame_(std::move(on_frame)), thread_([this, port, token = std::move(token)] { run(port, token); }) {}

EventStream::~EventStream() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

std::string EventStream::failure() const {
    std::lock_guard lock(mutex_);
    return failure_;
}

void EventStream::run(std::uint16_t port, const std::string& token) {
    try {
        Poco::Net::HTTPClientSession session("127.0.0.1", port);
        session.setTimeout(Poco::Timespan(kStreamTimeoutSeconds, 0));
        Poco::Net::HTTPRequest request("GET", "/v1/stream", Poco::Net::HTTPMessage::HTTP_1_1);
        request.set("Authorization", "Bearer " + token);
        Poco::Net::HTTPResponse response;
        Poco::Net::WebSocket socket(session, request, response);
        socket.setMaxPayloadSize(64 << 20);
        Poco::Buffer<char> payload(0);
        while (!stopping_) {
            if (!socket.poll(Poco::Timespan(0, 100'000), Poco::Net::Socket::SELECT_READ)) continue;
            payload.resize(0);
            int flags = 0;
            const int size = socket.receiveFrame(payload, flags);
            const int opcode = flags & Poco::Net::WebSocket::FRAME_OP_BITMASK;
            if (opcode == Poco::Net::WebSocket::FRAME_OP_PING) {
                socket.sendFrame(
                    payload.begin(), size,
                    static_cast<int>(Poco::Net::WebSocket::FRAME_FLAG_FIN) | Poco::Net::WebSocket::FRAME_OP_PONG);
                continue;
            }
            if (size == 0 || opcode == Poco::Net::WebSocket::FRAME_OP_CLOSE)
                throw Poco::IOException("closed by the node");
            on_frame_(Frame::parse(payload.begin(), payload.begin() + size));
        }
    } catch (const std::exception& e) {
        std::lock_guard lock(mutex_);
        const auto* poco = dynamic_cast<const Poco::Exception*>(&e);
        failure_ = std::string("the event stream broke: ") + (poco != nullptr ? poco->displayText() : e.what());
    }
}

}  // namespace citybridge::demo
