/* Who may dial a callback that one city hands to another (P7), for spin: two
 * cities, TASKS tasks, at most CRASHES crashes, searched exhaustively.
 *
 * Names are those of core/relay/callback_*. City 0 is the origin of all tasks,
 * city 1 their target. Every step below is one commit of one city.
 *
 * What the tasks share, and nothing else (each is in the model):
 * - A crash is one of a city: all its tasks are restored from one backup. A
 *   crash that loses no store changes no row that matters here (dialling is
 *   committed before the telephone rings), and may happen at any time.
 * - What a city has heard of the other's store, generation and life, is one row
 *   (CityRecord): learned from a message about any task (hear), it decides what
 *   the next offer of any task is `offered_to`; and a message about one task
 *   that tells a store it was outlived makes all its tasks unsure (go_above).
 * - Reconciliation: a restored city may act on no task before it has exchanged
 *   all of them, in as many parts as there are tasks (exchange, is_reconciled).
 * Rows of different tasks are read by no other rule, messages of different tasks
 * have no order, and who is given a task to do has no part in the protocol.
 *
 * What a city tells is always its whole view of the task as it is (`news`: the
 * other side has not taken it yet). A message that is overtaken is late, which
 * is history and changes nothing; so of the older messages only those matter
 * that arrive before a newer one, or again after a restore: up to LATE of them
 * at a time are kept on the line, of any task, in any direction (slot). None is
 * lost for good, because the outbox sends it again, unless its sender forgets.
 *
 * A backup is of any moment: the restored row is unknown, or of an earlier
 * epoch, hand or holder, ended in that one or not, or as it was. Two restores of one backup may take the
 * same generation; only their lives differ.
 *
 * Left out, because they move no right to dial: assignment, escalation, notes,
 * times. Taken once each: withdraw, offer_again (a second of either differs in
 * its number only). A dialling that certainly reached no telephone counts as none.
 *
 * TASKS=2 CRASHES=2 LATE=0: 17,613,633 states, 2,353,454,000 transitions, 1.8 GB,
 * about ten minutes of processor time; TASKS=1 CRASHES=2 LATE=1: 1,444,310 states,
 * 16,438,479 transitions, 0.7 GB. Both without an error:
 *
 *   spin -a -DTASKS=2 -DCRASHES=2 -DLATE=0 callback.pml && gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E
 *
 * Planted bugs: -DTAKE_BACK_BY_TIMER -DEPOCH_RESET -DACK_BEFORE_COMMIT
 * -DFORGOTTEN_GENERATION -DUNTOLD_LIVES. tests/sim/model_check.sh runs them all.
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef LATE
#define LATE 1
#endif
#ifdef FORGOTTEN_GENERATION    /* planted: as if the file had been put back by hand */
#define FORGETS 1
#else
#define FORGETS 0
#endif

#define ORIGIN 0
#define TARGET 1

/* Of a row what decides who may dial. A dialling begins and ends in one step: in between the city does nothing about the
 * task, and what it tells is the same. `uncertain` is not kept: it never comes without one of the three that forbid a
 * dial unasked, and this is what is proved without it. Nor is kept which generation of the other side was seen last. */
typedef Row {                /* of one task in one city */
    unsigned known : 1;
    unsigned epoch : 1;
    unsigned hand : 1;
    unsigned holder : 1;
    unsigned closed : 2;     /* 0, or how it ended */
    unsigned dialled : 1;    /* dials > 0, or unsure: perhaps in a life that was forgotten */
    unsigned far_dialled : 1; /* far_dials > 0, or far_unsure: the other side, as it told */
    unsigned asked : 1;
    unsigned offered_to : 2; /* of the origin's row */
    unsigned news : 1;       /* the other side has not taken this view */
    unsigned overtaken : 2;  /* how it had ended before another held it: what a backup may hold */
    unsigned rang : 1;       /* of the origin's row: a telephone rang without confirmed_by; nobody reads it */
};

typedef City {
    unsigned generation : 2;
    unsigned life : 2;
    unsigned heard : 2;      /* the other's generation */
    unsigned heard_life : 2;
    unsigned reconciled : 1;
    unsigned got0 : 1;       /* parts of the exchange */
    unsigned got1 : 1;
};

typedef Message {
    unsigned used : 1;
    unsigned to : 1;
    unsigned about : 1;      /* task */
    unsigned late : 1;       /* the receiver has taken it, or a newer one */
    unsigned epoch : 1;
    unsigned hand : 1;
    unsigned holder : 1;
    unsigned closed : 2;
    unsigned dialled : 1;
    unsigned far : 1;        /* far_dialled: what the sender knows of the receiver */
    unsigned ask : 1;
    unsigned offered_to : 2;
    unsigned generation : 2;
    unsigned life : 2;
    unsigned heard : 2;
    unsigned heard_life : 2;
};

Row rows[2 * TASKS];
City cities[2];
#if LATE > 0
Message slot[LATE];
#endif
unsigned crashes : 2;
bit alone;                    /* only task 0 is followed any more */

#define ROW(s, t) rows[(s) * TASKS + (t)]
#define FREE(s, t) (!ROW(s, t).asked && !ROW(s, t).dialled && !ROW(s, t).far_dialled)
#define HOLDS(s, t) (ROW(s, t).holder == (s))
#define MAY_ACT(s, t) (ROW(s, t).known && cities[s].reconciled)

/* Of one step. */
hidden byte city, which, act, answered_once, ended, row0, row1, number, city_row;   /* what is chosen */
hidden byte n, k, answers, listed, before;

hidden byte m_epoch, m_hand, m_holder, m_closed, m_dialled, m_far, m_ask, m_offered_to;
hidden byte m_generation, m_life, m_heard, m_heard_life, m_other_life;

/* -- Invariants ------------------------------------------------------------ */

/* At most one dial per task without confirmed_by. */
inline ring(task) {
    assert(!ROW(ORIGIN, task).rang);
    ROW(ORIGIN, task).rang = 1
}

/* Nothing is under way: both cities know the task and say the same of it, also when it has ended; and nobody waits for an
 * answer. */
#define UNDER_WAY(task) (ROW(ORIGIN, task).news || ROW(TARGET, task).news)
#define SAME_HOLDER(task) \
    (ROW(ORIGIN, task).epoch == ROW(TARGET, task).epoch && ROW(ORIGIN, task).hand == ROW(TARGET, task).hand && \
     ROW(ORIGIN, task).holder == ROW(TARGET, task).holder)
inline equal_in_both_cities(task) {
    skip;
#ifndef NO_EQUAL
    if
    :: !UNDER_WAY(task) && cities[ORIGIN].reconciled && cities[TARGET].reconciled ->
        if
        :: ROW(ORIGIN, task).known && ROW(TARGET, task).known ->
            assert(ROW(ORIGIN, task).closed == ROW(TARGET, task).closed);
            assert(SAME_HOLDER(task));
            assert(ROW(ORIGIN, task).closed || !ROW(ORIGIN, task).asked)
        :: else -> assert(!ROW(ORIGIN, task).known && !ROW(TARGET, task).known)
        fi
    :: else -> skip
    fi
#endif
}

/* -- Messages -------------------------------------------------------------- */

inline view_of(from, task) {
    m_epoch = ROW(from, task).epoch; m_hand = ROW(from, task).hand; m_holder = ROW(from, task).holder;
    m_closed = ROW(from, task).closed; m_dialled = ROW(from, task).dialled; m_far = ROW(from, task).far_dialled;
    m_ask = ROW(from, task).asked; m_offered_to = ROW(from, task).offered_to;
    m_generation = cities[from].generation; m_life = cities[from].life;
    m_heard = cities[from].heard; m_heard_life = cities[from].heard_life
}

#define TELL(side, task) ROW(side, task).news = 1

inline unsure_now(side, task) {
    ROW(side, task).dialled = 1; ROW(side, task).far_dialled = 0
}

/* A row of an earlier life: CallbackChange. Who may have dialled himself need not know whether the other has. */
inline restored(side, task) {
    if
    :: ROW(side, task).known ->
        unsure_now(side, task);
        if
        :: ROW(side, task).closed -> skip
        :: else -> TELL(side, task)
        fi
    :: else -> skip
    fi
}

inline begin_exchange(side) {
    cities[side].reconciled = 0; cities[side].got0 = 0; cities[side].got1 = 0
}

/* heard_from, of_other_life, go_above */
inline hear(side) {
    if
    :: m_generation > cities[side].heard -> cities[side].heard = m_generation; cities[side].heard_life = m_life
    :: else -> skip
    fi;
    m_other_life = (m_generation == cities[side].heard && m_life != cities[side].heard_life);
#ifndef UNTOLD_LIVES
    if
    :: m_heard > cities[side].generation ||
       (m_heard == cities[side].generation && m_heard_life != cities[side].life) ->
        cities[side].generation = m_heard + 1;
        begin_exchange(side);
        n = 0;
        do
        :: n < TASKS -> restored(side, n); n++
        :: else -> break
        od
    :: else -> skip
    fi
#endif
}

/* Whatever was sent before is late now. */
inline overtake(side, task) {
    skip;
#if LATE > 0
    k = 0;
    do
    :: k < LATE ->
        if
        :: slot[k].used && slot[k].to == (side) && slot[k].about == (task) -> slot[k].late = 1
        :: else -> skip
        fi;
        k++
    :: else -> break
    od
#endif
}

inline learn(side, task) {
    ROW(side, task).far_dialled = (ROW(side, task).dialled -> 0 : m_dialled)
}

/* Ended in both cities, and not the same: what the origin holds stays. */
#define OTHER_END(side, task) \
    (m_closed && ROW(side, task).closed && (m_closed != ROW(side, task).closed || m_holder != ROW(side, task).holder))
#define SAME_END(side, task) \
    (m_closed && m_closed == ROW(side, task).closed && m_epoch == ROW(side, task).epoch && \
     m_hand == ROW(side, task).hand && m_holder == ROW(side, task).holder)
#define MIRROR(side, task) ROW(side, task).closed = m_closed

inline offered(task) {
    if
    :: m_closed -> MIRROR(TARGET, task)
    /* to_earlier_life, forgotten */
    :: !m_closed && (m_offered_to < cities[TARGET].generation || (m_far && !ROW(TARGET, task).dialled)) ->
        unsure_now(TARGET, task); ROW(TARGET, task).closed = 0; TELL(TARGET, task)
    :: else -> ROW(TARGET, task).closed = 0; TELL(TARGET, task)
    fi
}

inline lost_origin(task) {
    unsure_now(ORIGIN, task);
    ROW(ORIGIN, task).asked = 0;
    MIRROR(ORIGIN, task);
    TELL(ORIGIN, task)
}

inline adopt(side, task) {
    ROW(side, task).epoch = m_epoch; ROW(side, task).hand = m_hand; ROW(side, task).holder = m_holder
}

inline first(side, task) {
    ROW(side, task).known = 1;
    adopt(side, task);
    if
    :: (side) == ORIGIN -> lost_origin(task)
    :: else ->
        if
        :: m_offered_to < cities[TARGET].generation || m_far -> unsure_now(TARGET, task)
        :: else -> skip
        fi;
        if
        :: m_holder == TARGET -> offered(task)
        :: else -> MIRROR(TARGET, task); TELL(TARGET, task)
        fi
    fi
}

#define FIRST_HAND(side, task) (!ROW(side, task).epoch && !ROW(side, task).hand && ROW(side, task).holder == TARGET)
inline newer_holder(side, task) {
    if
    :: crashes < CRASHES && FIRST_HAND(side, task) -> ROW(side, task).overtaken = ROW(side, task).closed
    :: else -> skip
    fi;
    adopt(side, task);
    if
    :: (side) == ORIGIN -> lost_origin(task)
    :: (side) == TARGET && m_holder == TARGET -> offered(task)
    :: else -> MIRROR(TARGET, task)
    fi
}

/* The holder says it again when the other side believes something else. */
inline correct(side, task) {
    if
    :: HOLDS(side, task) && (m_holder != ROW(side, task).holder || m_closed != ROW(side, task).closed) ->
        TELL(side, task)
    :: else -> skip
    fi
}

inline from_origin(task) {
    if
    :: m_holder == ORIGIN || OTHER_END(TARGET, task) ||
       (ROW(TARGET, task).dialled && m_closed && !ROW(TARGET, task).closed) ->
        ROW(TARGET, task).holder = m_holder;
        if
        :: ROW(TARGET, task).closed && !m_closed -> TELL(TARGET, task)   /* reopened */
        :: else -> skip
        fi;
        MIRROR(TARGET, task)
    :: else ->
        if
        :: HOLDS(TARGET, task) -> correct(TARGET, task)
        :: else -> TELL(TARGET, task)    /* given back, and the origin does not know it */
        fi
    fi
}

inline answer_of_target(task) {
    answers = ROW(ORIGIN, task).asked;
    ROW(ORIGIN, task).asked = 0;
    if
    :: ROW(ORIGIN, task).dialled && m_holder == ORIGIN && m_closed && !ROW(ORIGIN, task).closed ->
        MIRROR(ORIGIN, task); TELL(ORIGIN, task)
    :: else ->
        if
        :: !ROW(ORIGIN, task).closed && !ROW(ORIGIN, task).dialled && m_dialled && answered_once ->    /* answered */
            ROW(ORIGIN, task).closed = 1; TELL(ORIGIN, task)
        :: else ->
            if
            :: !ROW(ORIGIN, task).closed && answers && FREE(ORIGIN, task) -> TELL(ORIGIN, task)  /* released */
            :: else -> correct(ORIGIN, task)
            fi
        fi
    fi
}

inline from_target(task) {
    if
    :: ROW(ORIGIN, task).holder == ORIGIN -> answer_of_target(task)
    :: ROW(ORIGIN, task).holder == TARGET && ROW(ORIGIN, task).closed ->
        if
        :: !m_closed || OTHER_END(ORIGIN, task) -> TELL(ORIGIN, task)
        :: else -> skip
        fi
    :: else ->
        ROW(ORIGIN, task).holder = m_holder;
        MIRROR(ORIGIN, task)
    fi
}

/* Merge::run of core/relay/callback_take.cpp. Whether it is late by its version the caller knows. */
inline merge(side, task) {
    if
    :: !ROW(side, task).known -> learn(side, task); first(side, task)
    :: ROW(side, task).known && m_other_life -> skip
    :: else ->
        learn(side, task);
        if
        :: m_epoch < ROW(side, task).epoch || (m_epoch == ROW(side, task).epoch && m_hand < ROW(side, task).hand) ->
            TELL(side, task)
        :: m_epoch > ROW(side, task).epoch || (m_epoch == ROW(side, task).epoch && m_hand > ROW(side, task).hand) ->
            newer_holder(side, task)
        :: else ->
            if
            :: (side) == TARGET -> from_origin(task)
            :: else -> from_target(task)
            fi
        fi
    fi;
    if
    :: ((side) == TARGET && m_ask) || m_generation < cities[side].heard -> TELL(side, task)
    :: else -> skip
    fi
}

/* -- People ------------------------------------------------------------------ */

/* ended: he was reached. Else nobody answered, or it is not known what became of it. */
inline dial(side, task) {
    if
    :: FREE(side, task) -> ring(task)
    :: else -> skip              /* confirmed_by */
    fi;
    unsure_now(side, task);
    ROW(side, task).closed = ended;
    TELL(side, task)
}

#define ACTS(side, task) (ROW(side, task).known && cities[side].reconciled && !ROW(side, task).closed)
/* offer_again: of withdrawn and returned ones, which nobody here has dialled. */
#define OFFERS(side, task) ((side) == ORIGIN && !ROW(side, task).hand && !ROW(side, task).asked)

inline offer_again(task) {
    ROW(ORIGIN, task).hand = 1; ROW(ORIGIN, task).holder = TARGET;
    ROW(ORIGIN, task).offered_to = cities[ORIGIN].heard; TELL(ORIGIN, task)
}
/* A named person's act. */
inline withdraw(task) {
    ROW(ORIGIN, task).epoch = 1; ROW(ORIGIN, task).holder = ORIGIN; TELL(ORIGIN, task);
#ifndef TAKE_BACK_BY_TIMER      /* planted: nobody is asked */
    ROW(ORIGIN, task).asked = 1
#endif
}

/* -- Crashes ------------------------------------------------------------------ */

/* The store is as it was. Who was dialled is in it, so a crash by itself changes nothing; with these it does. */
inline crash(side) {
    n = 0;
    do
    :: n < TASKS ->
#ifdef EPOCH_RESET              /* planted */
        ROW(side, n).epoch = 0;
#endif
#ifdef ACK_BEFORE_COMMIT        /* planted: what was acknowledged and not committed is gone */
        ROW(1 - (side), n).news = 0;
#endif
        n++
    :: else -> break
    od
}

/* What it has taken since may come again, and is not known. */
inline not_taken_yet(side, task) {
    skip;
#if LATE > 0
    k = 0;
    do
    :: k < LATE ->
        if
        :: slot[k].used && slot[k].to == (side) && slot[k].about == (task) -> slot[k].late = 0
        :: else -> skip
        fi;
        k++
    :: else -> break
    od
#endif
}

inline as_if_new(side, task) {
    ROW(side, task).closed = 0; ROW(side, task).dialled = 0; ROW(side, task).far_dialled = 0;
    ROW(side, task).asked = 0; ROW(side, task).news = 0;
    not_taken_yet(side, task)
}

/* One row of a backup, of any moment before. What it told then is told, or is sent again with what follows. */
#define LAST 0          /* the moment before */
#define UNKNOWN 1       /* before it was known */
#define OPEN 2          /* before it ended, or before what was taken last */
#define HELD 3          /* before it was taken or given back */
#define NOT_AGAIN 4     /* before it was offered again */
#define NOT_TAKEN 5     /* before it was withdrawn, and offered again then */
#define ENDED 6         /* it had ended, and another held it after that */
#define CAN_BE(side, task, moment) \
    ((moment) == LAST || \
     ((moment) == ENDED && ROW(side, task).overtaken) || \
     (ROW(side, task).known && \
      ((moment) == UNKNOWN || ((moment) == OPEN && (ROW(side, task).closed || LATE > 0 || FORGETS)) || \
       ((moment) == HELD && ROW(side, task).holder == ORIGIN) || ((moment) == NOT_AGAIN && ROW(side, task).hand) || \
       ((moment) == NOT_TAKEN && ROW(side, task).hand && ROW(side, task).epoch))))
inline of_backup(side, task, moment) {
    if
    :: (moment) == LAST -> skip
    :: else ->
        if
        :: (moment) == UNKNOWN ->
            ROW(side, task).known = 0; ROW(side, task).epoch = 0; ROW(side, task).hand = 0; ROW(side, task).holder = 0;
            ROW(side, task).offered_to = 0
        :: (moment) == HELD ->
            ROW(side, task).epoch = 0; ROW(side, task).hand = 0; ROW(side, task).holder = TARGET
        :: (moment) == NOT_AGAIN -> ROW(side, task).hand = 0; ROW(side, task).holder = ORIGIN
        :: (moment) == ENDED ->
            ROW(side, task).known = 1; ROW(side, task).epoch = 0; ROW(side, task).hand = 0;
            ROW(side, task).holder = TARGET
        :: (moment) == NOT_TAKEN -> ROW(side, task).epoch = 0; ROW(side, task).holder = TARGET
        :: else -> skip
        fi;
        as_if_new(side, task);
        if
        :: (moment) == ENDED -> ROW(side, task).closed = ROW(side, task).overtaken
        :: else -> skip
        fi
    fi
}

#define SAME_NUMBER 0   /* on another machine */
#define NEXT_NUMBER 1
inline restore(side) {
    of_backup(side, 0, row0);
#if TASKS > 1
    of_backup(side, 1, row1);
#endif
#if FORGETS == 0
    cities[side].life = cities[side].life + 1;
    cities[side].generation = cities[side].generation + number;
    if
    :: city_row -> cities[side].heard = 0; cities[side].heard_life = 0
    :: else -> skip
    fi;
    begin_exchange(side);
    n = 0;
    do
    :: n < TASKS -> restored(side, n); n++
    :: else -> break
    od
#endif
}

/* One part of the exchange, asked and answered: what the restored city knows, and what the other does. The restored city
 * only listens between the two, so they are one step. Of one that ended nothing is said if both have the same end, and
 * none is learned from a restored city: it is still to come (or, which is not in the model, was deleted as too old). */
#define GOT(side, task) ((task) == 0 -> cities[side].got0 : cities[side].got1)
#define LISTED(side, task) (ROW(side, task).known && !ROW(side, task).closed)
/* forgotten_end */
inline learn_end(side, task) {
    ROW(side, task).known = 1; ROW(side, task).offered_to = 0;
    adopt(side, task);
    unsure_now(side, task);
    MIRROR(side, task)
}
inline settle(side) {
    if
    :: !cities[side].reconciled && cities[side].got0 && (cities[side].got1 || TASKS == 1 || alone) ->
        cities[side].reconciled = 1; cities[side].got0 = 0; cities[side].got1 = 0
    :: else -> skip
    fi
}
inline exchange(side, task) {
    before = cities[side].generation;
    view_of(side, task);
    m_ask = 0;
    listed = LISTED(side, task) ||
             (ROW(side, task).known && ROW(1 - (side), task).known && !SAME_END(1 - (side), task));
    if
    :: listed -> ROW(side, task).news = 0; overtake(1 - (side), task)
    :: else -> skip
    fi;
    hear(1 - (side));
    if
    :: listed -> merge(1 - (side), task)
    :: else -> skip
    fi;
    /* exchanged: the other's view of what was listed, and of what the restored city did not list */
    if
    :: ROW(1 - (side), task).known && (listed || !ROW(side, task).known) ->
        view_of(1 - (side), task);
        ROW(1 - (side), task).news = 0;
        overtake(side, task);
        hear(side);
        if
        :: m_closed && !ROW(side, task).known -> learn_end(side, task)
        :: m_closed && ROW(side, task).known && SAME_END(side, task) -> skip
        :: else -> merge(side, task)
        fi
    :: else -> view_of(1 - (side), task); hear(side)
    fi;
    if
    :: cities[side].generation == before ->
        if
        :: (task) == 0 -> cities[side].got0 = 1
        :: else -> cities[side].got1 = 1
        fi;
        settle(side)
    :: else -> skip              /* it is for a generation that was given up */
    fi
}

/* -- Late messages --------------------------------------------------------------- */

#if LATE > 0
inline forget(j) {
    slot[j].used = 0; slot[j].to = 0; slot[j].about = 0; slot[j].late = 0; slot[j].epoch = 0; slot[j].hand = 0;
    slot[j].holder = 0; slot[j].closed = 0; slot[j].dialled = 0; slot[j].ask = 0; slot[j].far = 0;
    slot[j].offered_to = 0; slot[j].generation = 0; slot[j].life = 0; slot[j].heard = 0; slot[j].heard_life = 0
}

/* It stays on the line, while others go on. */
inline hold_up(j, from, task) {
    view_of(from, task);
    slot[j].used = 1; slot[j].to = 1 - (from); slot[j].about = task; slot[j].late = 0; slot[j].epoch = m_epoch;
    slot[j].hand = m_hand; slot[j].holder = m_holder; slot[j].closed = m_closed; slot[j].dialled = m_dialled;
    slot[j].ask = m_ask; slot[j].far = m_far; slot[j].offered_to = m_offered_to;
    slot[j].generation = m_generation; slot[j].life = m_life; slot[j].heard = m_heard; slot[j].heard_life = m_heard_life
}

inline arrive(j) {
    m_epoch = slot[j].epoch; m_hand = slot[j].hand; m_holder = slot[j].holder; m_closed = slot[j].closed;
    m_dialled = slot[j].dialled; m_ask = slot[j].ask; m_far = slot[j].far; m_offered_to = slot[j].offered_to;
    m_generation = slot[j].generation; m_life = slot[j].life; m_heard = slot[j].heard;
    m_heard_life = slot[j].heard_life;
    slot[j].late = 1
}

/* One slot for a task and direction: which of two is newer need not be known. */
#define ELSEWHERE(j, side, task) \
    (LATE > 1 && slot[(j + 1) % LATE].used && slot[(j + 1) % LATE].to == (side) && slot[(j + 1) % LATE].about == (task))
#define ARRIVES(j, side, task) (slot[j].used && !slot[j].late && slot[j].to == (side) && slot[j].about == (task))
#endif

#if LATE > 1
#define ON_THE_LINE(j, task) (slot[j].used && !slot[j].late && slot[j].about == (task))
#define UNSETTLED(task) (ON_THE_LINE(0, task) || ON_THE_LINE(1, task))
#elif LATE > 0
#define UNSETTLED(task) (slot[0].used && !slot[0].late && slot[0].about == (task))
#endif

/* What can have no effect any more is forgotten, so that states that do not differ are one. */
inline end_of_step(task) {
#if LATE > 0
    k = 0;
    do
    :: k < LATE ->
        if
        :: slot[k].used && slot[k].late && crashes == CRASHES -> forget(k)
        :: else -> skip
        fi;
        k++
    :: else -> break
    od;
    if
    :: !UNSETTLED(task) -> equal_in_both_cities(task)
    :: else -> skip
    fi
#else
    equal_in_both_cities(task)
#endif
}

/* -- Everything that can happen ---------------------------------------------------- */

/* After the last crash the tasks are followed one by one, each as task 0: what another one could still do to it is to bring
 * news of a city's life, which hello may do at any time, and to be the last part of an exchange, which may come at once. */
inline copy(side) {
    ROW(side, 0).known = ROW(side, 1).known;
    ROW(side, 0).epoch = ROW(side, 1).epoch;
    ROW(side, 0).hand = ROW(side, 1).hand;
    ROW(side, 0).holder = ROW(side, 1).holder;
    ROW(side, 0).closed = ROW(side, 1).closed;
    ROW(side, 0).dialled = ROW(side, 1).dialled;
    ROW(side, 0).far_dialled = ROW(side, 1).far_dialled;
    ROW(side, 0).asked = ROW(side, 1).asked;
    ROW(side, 0).offered_to = ROW(side, 1).offered_to;
    ROW(side, 0).news = ROW(side, 1).news;
    ROW(side, 0).overtaken = ROW(side, 1).overtaken;
    ROW(side, 0).rang = ROW(side, 1).rang
}
inline clear(side) {
    ROW(side, 1).known = 0;
    ROW(side, 1).epoch = 0;
    ROW(side, 1).hand = 0;
    ROW(side, 1).holder = 0;
    ROW(side, 1).closed = 0;
    ROW(side, 1).dialled = 0;
    ROW(side, 1).far_dialled = 0;
    ROW(side, 1).asked = 0;
    ROW(side, 1).offered_to = 0;
    ROW(side, 1).news = 0;
    ROW(side, 1).overtaken = 0;
    ROW(side, 1).rang = 0
}
inline follow(task) {
    alone = 1;
#if LATE > 0
    k = 0;
    do
    :: k < LATE ->
        if
        :: slot[k].used && slot[k].about == (task) -> slot[k].about = 0
        :: slot[k].used && slot[k].about != (task) -> forget(k)
        :: else -> skip
        fi;
        k++
    :: else -> break
    od;
#endif
    if
    :: (task) == 1 -> copy(ORIGIN); copy(TARGET)
    :: else -> skip
    fi;
    clear(ORIGIN); clear(TARGET);
    cities[ORIGIN].got0 = (task == 0 -> cities[ORIGIN].got0 : cities[ORIGIN].got1); cities[ORIGIN].got1 = 0;
    cities[TARGET].got0 = (task == 0 -> cities[TARGET].got0 : cities[TARGET].got1); cities[TARGET].got1 = 0;
    settle(ORIGIN); settle(TARGET)
}

#define HAS_TO_HEAR(side) \
    (cities[side].heard < cities[1 - (side)].generation || cities[1 - (side)].heard > cities[side].generation || \
     (cities[1 - (side)].heard == cities[side].generation && cities[1 - (side)].heard_life != cities[side].life))

#define NOTHING 0
#define DIAL 1
#define END 2
#define GIVE_BACK 3
#define OFFER_AGAIN 4
#define WITHDRAW 5
#define EXCHANGE 6
#define TAKE 7
#define HOLD_UP 8
#define ARRIVE 9
#define HELLO 10
#define RESTORE 11
#define CRASH 12

init {
    atomic {
        n = 0;
        do
        :: n < TASKS ->
            ROW(ORIGIN, n).known = 1; ROW(ORIGIN, n).holder = TARGET; ROW(ORIGIN, n).news = 1; n++
        :: else -> break
        od;
        cities[ORIGIN].reconciled = 1; cities[TARGET].reconciled = 1
    }
end:
    do
    :: atomic {
        /* What happens. Nothing is chosen below. */
        if
        :: city = ORIGIN
        :: city = TARGET
        fi;
        which = 0; answered_once = 0; ended = 0; row0 = 0; row1 = 0; number = 0; city_row = 0;
#if TASKS > 1
        if
        :: true
        :: !alone -> which = 1
        fi;
#endif
        if
        :: ACTS(city, which) && HOLDS(city, which) -> act = DIAL;
            if
            :: ended = 0
            :: ended = 1
            fi
        :: ACTS(city, which) && HOLDS(city, which) -> act = END
        :: ACTS(city, which) && HOLDS(city, which) && city == TARGET -> act = GIVE_BACK
        :: ACTS(city, which) && HOLDS(city, which) && OFFERS(city, which) -> act = OFFER_AGAIN
        :: ACTS(city, which) && !HOLDS(city, which) && city == ORIGIN && !ROW(city, which).epoch -> act = WITHDRAW
        :: !cities[city].reconciled && !GOT(city, which) -> act = EXCHANGE;
            if
            :: answered_once = 0
            :: answered_once = 1
            fi
        :: ROW(1 - city, which).news -> act = TAKE;
            if
            :: answered_once = 0
            :: city == ORIGIN -> answered_once = 1
            fi
#if LATE > 0
        :: ROW(1 - city, which).news && !ELSEWHERE(0, city, which) -> act = HOLD_UP; number = 0
        :: ARRIVES(0, city, which) -> act = ARRIVE; number = 0;
            if
            :: answered_once = 0
            :: city == ORIGIN -> answered_once = 1
            fi
#endif
#if LATE > 1
        :: ROW(1 - city, which).news && !ELSEWHERE(1, city, which) -> act = HOLD_UP; number = 1
        :: ARRIVES(1, city, which) -> act = ARRIVE; number = 1;
            if
            :: answered_once = 0
            :: city == ORIGIN -> answered_once = 1
            fi
#endif
        :: which == 0 && HAS_TO_HEAR(city) -> act = HELLO
        :: which == 0 && crashes < CRASHES -> act = RESTORE;
            if
            :: row0 = LAST
            :: CAN_BE(city, 0, UNKNOWN) -> row0 = UNKNOWN
            :: CAN_BE(city, 0, OPEN) -> row0 = OPEN
            :: CAN_BE(city, 0, HELD) -> row0 = HELD
            :: CAN_BE(city, 0, NOT_AGAIN) -> row0 = NOT_AGAIN
            :: CAN_BE(city, 0, NOT_TAKEN) -> row0 = NOT_TAKEN
            :: CAN_BE(city, 0, ENDED) -> row0 = ENDED
            fi;
#if TASKS > 1
            if
            :: row1 = LAST
            :: CAN_BE(city, 1, UNKNOWN) -> row1 = UNKNOWN
            :: CAN_BE(city, 1, OPEN) -> row1 = OPEN
            :: CAN_BE(city, 1, HELD) -> row1 = HELD
            :: CAN_BE(city, 1, NOT_AGAIN) -> row1 = NOT_AGAIN
            :: CAN_BE(city, 1, NOT_TAKEN) -> row1 = NOT_TAKEN
            :: CAN_BE(city, 1, ENDED) -> row1 = ENDED
            fi;
            if
            :: crashes + 1 == CRASHES -> which = 0
            :: crashes + 1 == CRASHES -> which = 1
            :: crashes + 1 < CRASHES
            fi;
#endif
            if
            :: number = NEXT_NUMBER
            :: cities[city].generation > 0 -> number = SAME_NUMBER
            fi;
            if
            :: city_row = 0
            :: cities[city].heard > 0 -> city_row = 1
            fi
#if defined(EPOCH_RESET) || defined(ACK_BEFORE_COMMIT)
        :: which == 0 && crashes < CRASHES -> act = CRASH
#endif
        :: else -> act = NOTHING
        fi;
        d_step {
            if
            :: act == DIAL -> dial(city, which)
            :: act == END -> ROW(city, which).closed = 2; TELL(city, which)      /* finish, give_up */
            :: act == GIVE_BACK -> ROW(city, which).holder = ORIGIN; TELL(city, which)
            :: act == OFFER_AGAIN -> offer_again(which)
            :: act == WITHDRAW -> withdraw(which)
            :: act == EXCHANGE -> exchange(city, which)
            :: act == TAKE || act == ARRIVE ->
                if
                :: act == TAKE -> view_of(1 - city, which); ROW(1 - city, which).news = 0; overtake(city, which)
#if LATE > 0
                :: act == ARRIVE -> arrive(number)
#endif
                fi;
                hear(city);
                merge(city, which)
#if LATE > 0
            :: act == HOLD_UP -> hold_up(number, 1 - city, which)
#endif
            :: act == HELLO ->
                m_generation = cities[1 - city].generation; m_life = cities[1 - city].life;
                m_heard = cities[1 - city].heard; m_heard_life = cities[1 - city].heard_life;
                hear(city)
            :: act == RESTORE ->
                crashes++;
                restore(city);
                n = 0;
                do
                :: n < 2 * TASKS && crashes == CRASHES -> rows[n].overtaken = 0; n++
                :: else -> break
                od;
#if TASKS > 1
                if
                :: crashes == CRASHES -> follow(which); which = 0
                :: else -> skip
                fi
#endif
            :: act == CRASH -> crashes++; crash(city)
            :: act == NOTHING -> skip
            fi;
            end_of_step(0);
#if TASKS > 1
            if
            :: !alone -> end_of_step(1)
            :: else -> skip
            fi
#endif
        } }
    od
}
