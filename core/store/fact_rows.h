#pragma once
// Which column holds which member of the facts of reports, like sql_rows.h.
#include "core/store/sql_rows.h"

namespace citybridge::store {

template <>
struct Table<ContactFact> {
    static constexpr std::string_view kName = "contact_facts";
    static constexpr std::string_view kKey = "contact";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("contact", row.contact), v.time("started_at", row.started_at), v.time("ended_at", row.ended_at);
        v.maybe_time("queued_at", row.queued_at), v.maybe_time("answered_at", row.answered_at);
        v.text("direction", row.direction), v.text("outcome", row.outcome), v.text("ended_by", row.ended_by);
        v.text("queue", row.queue), v.text("called_number", row.called_number), v.text("agent", row.agent);
        v.text("group_name", row.group), v.text("city", row.city), v.text("disposition", row.disposition);
        v.text("survey", row.survey), v.flag("survey_offered", row.survey_offered);
        v.number("wait_ms", row.wait_ms), v.number("talk_ms", row.talk_ms), v.number("hold_ms", row.hold_ms);
        v.number("ring_ms", row.ring_ms), v.number("offers", row.offers), v.number("transfers", row.transfers);
        v.flag("inferred", row.inferred);
    }
};

template <>
struct Table<PartFact> {
    static constexpr std::string_view kName = "part_facts";
    static constexpr std::string_view kKey = "contact,n";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("contact", row.contact), v.number("n", row.n), v.text("kind", row.kind), v.text("agent", row.agent);
        v.text("group_name", row.group), v.text("queue", row.queue), v.text("direction", row.direction);
        v.time("from_at", row.from), v.time("to_at", row.to), v.text("result", row.result);
    }
};

template <>
struct Table<AgentInterval> {
    static constexpr std::string_view kName = "agent_intervals";
    static constexpr std::string_view kKey = "agent,from_at";
    static constexpr OnConflict kOnConflict = OnConflict::update;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("agent", row.agent), v.time("from_at", row.from), v.maybe_time("to_at", row.to);
        v.text("state", row.state), v.text("reason", row.reason), v.text("group_name", row.group);
        v.text("cause", row.cause), v.text("closed_by", row.end);
    }
};

template <>
struct Table<OrderFact> {
    static constexpr std::string_view kName = "order_facts";
    static constexpr std::string_view kKey = "order_id,what,name,n";
    static constexpr OnConflict kOnConflict = OnConflict::nothing;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("order_id", row.order), v.text("what", row.what), v.text("name", row.name), v.number("n", row.n);
        v.time("at", row.at), v.maybe_time("due_at", row.due_at), v.text("kind", row.kind);
        v.text("group_name", row.group), v.text("owner", row.owner), v.text("city", row.city);
        v.text("contact", row.contact), v.text("state", row.state);
    }
};

template <>
struct Table<QualityScore> {
    static constexpr std::string_view kName = "quality_scores";
    static constexpr std::string_view kKey = "id";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("id", row.id), v.text("contact", row.contact), v.text("agent", row.agent);
        v.text("group_name", row.group), v.text("form", row.form), v.number("form_version", row.form_version);
        v.number("points", row.points), v.number("max_points", row.max_points), v.json("answers", row.answers);
        v.text("remark", row.remark), v.text("scored_by", row.scored_by), v.time("at", row.at);
        v.flag("training", row.training);
    }
};

template <>
struct Table<ReportRun> {
    static constexpr std::string_view kName = "report_runs";
    static constexpr std::string_view kKey = "report,from_at,to_at";
    static constexpr OnConflict kOnConflict = OnConflict::error;
    template <class V, class R>
    static void columns(V& v, R& row) {
        v.text("report", row.report), v.time("from_at", row.from), v.time("to_at", row.to);
        v.time("made_at", row.made_at), v.text("file", row.file);
    }
};

}  // namespace citybridge::store
