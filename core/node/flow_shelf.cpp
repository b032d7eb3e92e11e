#include "core/node/flow_shelf.h"

#include <spdlog/spdlog.h>

#include "core/desk/flow_file.h"
#include "core/store/flow_uses.h"

namespace citybridge {
namespace {

std::string key_of(const std::string& kind, std::int64_t version) {
    return "flow:" + kind + ":" + std::to_string(version);
}

// The version as it was when its orders began; null: not kept, from before versions were.
Result<std::shared_ptr<const desk::Flow>> kept(store::Store& store, const store::FlowUse& use) {
    const auto text = store.meta(key_of(use.kind, use.version));
    if (!text) return text.error();
    if (text->empty()) return std::shared_ptr<const desk::Flow>();
    Problems problems;
    auto flow = desk::parse_flow("store:" + use.kind + ".xml", *text, problems);
    if (flow) return std::shared_ptr<const desk::Flow>(std::make_shared<desk::Flow>(std::move(*flow)));
    spdlog::error("flow.unreadable version {} of {} as it was kept: {}", use.version, use.kind,
                  problems.empty() ? std::string("no flow") : to_string(problems.front()));
    return std::shared_ptr<const desk::Flow>();
}

}  // namespace

Result<desk::FlowSet> with_versions_in_use(desk::FlowSet current, store::Store& store, store::Readers& readers) {
    const auto uses = store::flows_in_use(readers);
    if (!uses) return uses.error();
    for (const store::FlowUse& use : *uses) {
        const desk::Flow* now = current.find(use.kind);
        if (now != nullptr && now->version == use.version) {
            const auto before = store.meta(key_of(use.kind, use.version));
            if (!before) return before.error();
            if (before->empty() || *before == now->source) continue;
            return Error{"flow.version_in_use", now->where.file + " has changed, but is still version " +
                                                    std::to_string(use.version) + ", on which " +
                                                    std::to_string(use.orders) + " open orders are; write version=\"" +
                                                    std::to_string(use.version + 1) + "\" into it"};
        }
        auto older = kept(store, use);
        if (!older) return older.error();
        if (*older != nullptr)
            current.keep(std::move(*older));
        else
            spdlog::warn(
                "flow.version_unknown {} open orders are of kind {} in version {}, which is not kept; they go on "
                "by the version of the files",
                use.orders, use.kind, use.version);
    }
    return current;
}

Result<> keep_versions(const desk::FlowSet& current, store::Store& store) {
    for (const desk::Flow* flow : current.all()) {
        const std::string key = key_of(flow->kind, flow->version);
        const auto before = store.meta(key);
        if (!before) return before.error();
        if (*before == flow->source) continue;
        if (auto done = store.set_meta(key, flow->source); !done) return done;
    }
    return ok();
}

}  // namespace citybridge
