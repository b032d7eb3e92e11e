#pragma once
// A city for tests of several: a whole node with a PBX, joined to another one by
// link_https with certificates of their own.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <set>

#include "core/node/doctor.h"
#include "tests/contract/city_link/line.h"
#include "tests/contract/city_link/pem_files.h"
#include "tests/support/free_port.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {

using Json = nlohmann::json;

inline const std::string kNumber = "+8613800138000";

class Place final : public WholeNode {
public:
    explicit Place(const std::string& city) : files(make_certificate(folder(), city)), port(free_port()) {
        setup_.city = city;
        setup_.with_erp = false;
        setup_.pbx_settings =
            "<seed>7</seed><break_minutes_between>0</break_minutes_between><talk_seconds_mean>3600</talk_seconds_mean>";
    }
    void TestBody() override {}
    // More of the simulator's settings; before begin().
    void set_pbx(const std::string& elements) { setup_.pbx_settings += elements; }
    void set_pbx_only(const std::string& elements) { setup_.pbx_settings = elements; }
    void set_callers(int per_minute) { setup_.callers_per_minute = per_minute; }
    using WholeNode::ask;
    using WholeNode::begin;
    using WholeNode::end;
    using WholeNode::eventually;
    using WholeNode::next_of;
    using WholeNode::restart;
    using WholeNode::store_path;
    using WholeNode::stream_of;

    // `more`: attributes of the other city in this one's directory. Before begin().
    void join(const Place& other, const std::string& section, const std::string& more = {}) {
        std::ofstream(folder() + "/cities.xml")
            << "<cities><city id=\"" << other.setup_.city << "\" name=\"The other\" destination=\"cities."
            << other.setup_.city << "\" promise_minutes=\"15\" travels=\"customer notes\" " << more << "/></cities>";
        setup_.more_plugins = "  <plugin library=\"link_https\" name=\"cities\"><peers>" + other.setup_.city +
                              "=https://127.0.0.1:" + std::to_string(other.port) + "</peers><pins>" +
                              other.setup_.city + '=' + other.files.fingerprint + "</pins><certificate>" +
                              files.certificate + "</certificate><key>" + files.key +
                              "</key><address>127.0.0.1</address><port>" + std::to_string(port) + "</port></plugin>\n";
        setup_.more_sections = "  <cities directory=\"cities.xml\" " + section + "/>\n";
    }

    Json callback(const std::string& id) { return ask("GET", "/v1/callbacks/" + id, "lead").json(); }
    bool comes_to(const std::string& id, const std::string& state) {
        return eventually([&] { return callback(id).value("state", "") == state; });
    }
    Reply act(const std::string& id, const std::string& what, const std::string& user,
              const Json& body = Json::object()) {
        return ask("POST", "/v1/callbacks/" + id + '/' + what, user, body);
    }
    // What `citybridge` prints for the administrator.
    std::string command(const std::string& words) {
        const std::string call = std::string(CITYBRIDGE_BINARY_DIR) +
                                 "/bin/citybridge --url http://127.0.0.1:" + std::to_string(node().port()) +
                                 " --user admin --password admin " + words + " 2>&1";
        FILE* const pipe = popen(call.c_str(), "r");
        if (pipe == nullptr) return {};
        std::string out;
        std::array<char, 4096> part{};
        while (const std::size_t n = fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), n);
        pclose(pipe);
        return out;
    }
    // What the doctor finds, but for what is wrong with the machine, and that nobody stands for the ERP here.
    std::vector<std::string> ailments() {
        static const std::set<std::string> kExpected{"clock.not_synchronized", "disk.little_room",
                                                     "directory.unknown_user", "node.no_connector"};
        std::vector<std::string> out;
        const std::string plugins = std::string(CITYBRIDGE_BINARY_DIR) + "/lib/plugins";
        for (const Ailment& each : examine(folder() + "/node.xml", plugins, system_now().wall))
            if (!kExpected.contains(each.code)) out.push_back(each.code);
        return out;
    }
    // What its history here says was done, in order.
    std::vector<std::string> story(const std::string& id) {
        std::vector<std::string> out;
        const Json task = callback(id);
        for (const Json& entry : task["history"]) out.push_back(entry["action"]);
        return out;
    }
    // The customer's side of a call to him: true when he has answered.
    bool answered() {
        return eventually([&] {
            const Json contacts = ask("GET", "/v1/contacts", "lead").json();
            for (const Json& contact : contacts["items"])
                if (contact["customer_number_e164"] == kNumber && !contact["answered_at"].is_null()) return true;
            return false;
        });
    }

    const PemFiles files;
    const std::uint16_t port;
};

}  // namespace citybridge::test
