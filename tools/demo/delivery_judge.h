#pragma once
// Compares what agents were told, what the node keeps and what the ERP has: every
// acknowledged sales lead there exactly once, every event effective once and in order.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/demo/agent_desks.h"
#include "tools/demo/api.h"
#include "tools/stand_in/ledger.h"
#include "tools/stand_in/messenger.h"

namespace citybridge::demo {

// One order as the node's API tells it, with how many steps its history has.
struct NodeOrder {
    std::string id;
    std::string external_id;
    std::vector<std::string> actions;  // of its history
};

// The node's side, read through its API.
struct NodeBooks {
    std::map<std::string, NodeOrder> orders;                           // by id
    std::map<std::string, std::map<std::string, std::string>> outbox;  // destination -> message id -> state
};
// Error: the API cannot be read.
Result<NodeBooks> read_books(Api& admin);

// The ERP's side, of one city.
struct ErpBooks {
    std::map<std::string, stand_in::LedgerEntry> records;          // by key
    std::map<std::string, stand_in::LedgerEntry> events;           // by webhook-id
    std::map<std::string, std::vector<std::string>> record_order;  // keys by order
    std::map<std::string, std::vector<std::string>> event_order;
    std::vector<stand_in::SentMessage> sent;
};
ErpBooks erp_books(const stand_in::Ledger& ledger, const std::vector<stand_in::SentMessage>& sent,
                   const std::string& city);

// One sentence per fault; empty: all is right.
std::vector<std::string> judge_deliveries(const std::vector<Lead>& leads, const NodeBooks& node, const ErpBooks& erp);

}  // namespace citybridge::demo
