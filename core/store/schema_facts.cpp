#include "core/store/schema_facts.h"

namespace citybridge::store {

Migration facts_schema(std::int64_t version) {
    return {
        version,
        {
            "create table contact_facts (contact text primary key, started_at bigint not null, "
            "ended_at bigint not null, queued_at bigint, answered_at bigint, direction text not null, "
            "outcome text not null, ended_by text not null, queue text not null, called_number text not null, "
            "agent text not null, group_name text not null, city text not null, disposition text not null, "
            "survey text not null, survey_offered bigint not null, wait_ms bigint not null, talk_ms bigint not null, "
            "hold_ms bigint not null, ring_ms bigint not null, offers bigint not null, transfers bigint not null, "
            "inferred bigint not null)",
            // Reports read a stretch of time page by page: the index is also where the next page begins.
            "create index contact_facts_started on contact_facts (started_at, contact)",

            "create table part_facts (contact text not null, n bigint not null, kind text not null, "
            "agent text not null, group_name text not null, queue text not null, direction text not null, "
            "from_at bigint not null, to_at bigint not null, result text not null, primary key (contact, n))",
            "create index part_facts_from on part_facts (from_at, contact, n)",

            "create table agent_intervals (agent text not null, from_at bigint not null, to_at bigint, "
            "state text not null, reason text not null, group_name text not null, cause text not null, "
            "closed_by text not null, primary key (agent, from_at))",
            "create index agent_intervals_to on agent_intervals (to_at, agent, from_at)",
            "create index agent_intervals_open on agent_intervals (agent) where to_at is null",

            "create table order_facts (order_id text not null, what text not null, name text not null, "
            "n bigint not null, at bigint not null, due_at bigint, kind text not null, group_name text not null, "
            "owner text not null, city text not null, contact text not null, state text not null, "
            "primary key (order_id, what, name, n))",
            "create index order_facts_at on order_facts (at, order_id, what, name, n)",

            "create table quality_scores (id text primary key, contact text not null, agent text not null, "
            "group_name text not null, form text not null, form_version bigint not null, points bigint not null, "
            "max_points bigint not null, answers text not null, remark text not null, scored_by text not null, "
            "at bigint not null, training bigint not null)",
            "create index quality_scores_at on quality_scores (at, id)",
            "create index quality_scores_contact on quality_scores (contact)",

            "create table report_runs (report text not null, from_at bigint not null, to_at bigint not null, "
            "made_at bigint not null, file text not null, primary key (report, from_at, to_at))",

            // What is known of the orders of before. Which of them were opened again cannot be told.
            "insert into order_facts select id,'opened','',1,created_at,null,kind,group_name,owner,city,contact,state "
            "from orders",
            "insert into order_facts select id,'closed','',history_n,closed_at,null,kind,group_name,owner,city,"
            "contact,state from orders where closed_at is not null",
            "insert into order_facts select order_id,case deadlines.state when 'overdue' then 'missed' when 'done' "
            "then 'met' else 'withdrawn' end,name,n,settled_at,due_at,kind,group_name,owner,city,contact,orders.state "
            "from deadlines join orders on orders.id=order_id where settled_at is not null",
        },
    };
}

}  // namespace citybridge::store
