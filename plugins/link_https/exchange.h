#pragma once
// One request to another city on a libcurl handle: a batch out, its verdicts
// back. Courier thread only.
#include <curl/curl.h>

#include <string>
#include <vector>

#include "core/api/city_message.h"
#include "plugins/link_https/certificates.h"
#include "plugins/link_https/settings.h"

namespace citybridge::link_https {

// A message that waits for a far city's word.
struct Parcel {
    OutboxRecord message;
    std::string line;  // as it goes over the wire; made on the courier's thread, not the node's
    DeliveryDone done;
};

class Exchange {
public:
    // `identity` and `pins` (of the city alone) must outlive it. Throws std::bad_alloc.
    Exchange(std::size_t peer, const Identity& identity, const Pins& pins);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // False: libcurl has no memory; finish() says so.
    bool begin(const std::string& url, std::vector<Parcel> parcels, const CourierLimits& limits);
    // What became of each parcel, in their order.
    std::vector<DeliveryReply> finish(CURLcode result);

    CURL* handle() { return easy_; }
    std::size_t peer() const { return peer_; }
    std::vector<Parcel>& parcels() { return parcels_; }
    static Exchange* of(CURL* handle);

private:
    bool set_options(const std::string& url, const CourierLimits& limits);
    DeliveryReply broken(CURLcode result) const;
    static CURLcode on_tls(CURL* easy, void* context, void* self);
    static int on_socket(void* self, curl_socket_t socket, curlsocktype purpose);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

    CURL* const easy_;
    const std::size_t peer_;
    const Identity& identity_;
    const Pins& pins_;
    curl_slist* headers_ = nullptr;
    std::vector<Parcel> parcels_;
    std::string body_;
    std::string answer_;
    char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace citybridge::link_https
