/* Who may dial a callback that one city hands to another (P7), for spin.
 *
 * Two cities, TASKS tasks handed from A to B, at most CRASHES crashes of
 * either. A crash loses what is in memory: here the knowledge of what became
 * of a dialling; rows and messages are in the store and stay. Messages may be
 * delivered twice and in any order within the channel; none is lost for good,
 * because the outbox sends it again. A restore of B's store is one of the
 * crashes: B forgets that it dialled, and is unsure from then on.
 *
 * Names are those of core/relay/callback_*: epoch, hand, dials, asked, unsure,
 * free(). The invariant is the assertion in `ring`: at most one dial per task
 * without confirmed_by.
 *
 *   spin -a -DTASKS=1 -DCRASHES=1 callback.pml && gcc -O2 -DSAFETY -DCOLLAPSE -o pan pan.c && ./pan -E
 *
 * TASKS=1 is searched exhaustively; two tasks share nothing but channels and
 * crashes, and TASKS=2 CRASHES=2 is searched by bit-state hashing (-DBITSTATE).
 */
#ifndef TASKS
#define TASKS 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif

mtype = { offered, accepted, dialling, assigned, uncertain, withdrawn, returned, done }

typedef Side {
    mtype state;
    byte epoch;
    byte hand;
    bool holder_is_target;
    byte dials;
    byte far_dials;
    bool asked;
    bool unsure;
    bool far_unsure
};

Side A[TASKS];
Side B[TASKS];
byte rings[TASKS];        /* telephones that rang without confirmed_by */
byte crashes = 0;

/* task, epoch, hand, holder_is_target, state, dials, unsure, ask */
chan to_b = [4] of { byte, byte, byte, bool, mtype, byte, bool, bool };
chan to_a = [4] of { byte, byte, byte, bool, mtype, byte, bool, bool };

#define FREE(side) (!side.asked && side.dials == 0 && side.far_dials == 0 && !side.unsure && !side.far_unsure)

inline tell_b(t, ask) {
    to_b ! t, A[t].epoch, A[t].hand, A[t].holder_is_target, A[t].state, A[t].dials, A[t].unsure, ask
}
inline tell_a(t) {
    to_a ! t, B[t].epoch, B[t].hand, B[t].holder_is_target, B[t].state, B[t].dials, B[t].unsure, false
}

/* The invariant: at most one dial per task without confirmed_by. */
inline ring(t, confirmed) {
    if
    :: confirmed -> skip
    :: else -> rings[t]++; assert(rings[t] <= 1)
    fi
}

inline dial(side, t) {
    if
    :: side.state != uncertain && FREE(side) -> ring(t, false)
    :: else -> ring(t, true)      /* confirmed_by */
    fi;
    side.dials = (side.dials < 2 -> side.dials + 1 : 2);
    side.state = dialling
}

proctype people_of_a() {
    byte t;
    do
    :: atomic { select(t : 0 .. TASKS - 1);
        if
        /* withdraw: a named person's act */
        :: A[t].holder_is_target && A[t].state != done && A[t].epoch < 2 && nfull(to_b) ->
            A[t].epoch++; A[t].holder_is_target = false;
#ifdef TAKE_BACK_BY_TIMER       /* the planted bug: nobody is asked */
            A[t].asked = false; A[t].state = withdrawn;
#else
            A[t].asked = true; A[t].state = uncertain;
#endif
            tell_b(t, true)
        /* offer_again */
        :: !A[t].holder_is_target && (A[t].state == withdrawn || A[t].state == returned) && A[t].hand < 2 && nfull(to_b) ->
            A[t].hand++; A[t].holder_is_target = true; A[t].state = offered; tell_b(t, false)
        :: !A[t].holder_is_target && A[t].state != done && A[t].state != dialling && A[t].dials < 2 && nfull(to_b) ->
            dial(A[t], t); tell_b(t, false)
        :: !A[t].holder_is_target && A[t].state == dialling && nfull(to_b) ->
            if
            :: A[t].state = done
            :: A[t].state = assigned
            fi;
            tell_b(t, false)
        :: else -> skip
        fi }
    od
}

proctype people_of_b() {
    byte t;
    do
    :: atomic { select(t : 0 .. TASKS - 1);
        if
        :: B[t].holder_is_target && B[t].epoch > 0 && B[t].state != done && B[t].state != dialling && B[t].dials < 2 &&
           nfull(to_a) ->
            dial(B[t], t); tell_a(t)
        :: B[t].holder_is_target && B[t].state == dialling && nfull(to_a) ->
            if
            :: B[t].state = done
            :: B[t].state = assigned
            fi;
            tell_a(t)
        /* give_back */
        :: B[t].holder_is_target && (B[t].state == accepted || B[t].state == assigned || B[t].state == uncertain) &&
           nfull(to_a) ->
            B[t].holder_is_target = false; B[t].state = returned; tell_a(t)
        :: else -> skip
        fi }
    od
}

/* What A tells comes to B, perhaps a second time. */
proctype messages_to_b() {
    byte t, epoch, hand, dials;
    bool holder, unsure, ask;
    mtype state;
    do
    :: atomic {
        if
        :: to_b ? t, epoch, hand, holder, state, dials, unsure, ask
        :: to_b ? <t, epoch, hand, holder, state, dials, unsure, ask>   /* stays: it comes again */
        fi;
        B[t].far_dials = dials;
        B[t].far_unsure = unsure;
        if
        :: epoch > B[t].epoch || (epoch == B[t].epoch && hand > B[t].hand) ->
            B[t].epoch = epoch; B[t].hand = hand; B[t].holder_is_target = holder;
            if
            :: holder && !B[t].unsure -> B[t].state = accepted
            :: holder && B[t].unsure -> B[t].state = uncertain
            :: else -> B[t].state = state
            fi
        :: epoch == B[t].epoch && hand == B[t].hand && !holder ->
            B[t].holder_is_target = false; B[t].state = state
        :: else -> skip                        /* late: history, not state */
        fi;
        if
        :: ask && nfull(to_a) -> tell_a(t)
        :: else -> skip
        fi }
    od
}

proctype messages_to_a() {
    byte t, epoch, hand, dials;
    bool holder, unsure, ask;
    mtype state;
    do
    :: atomic {
        to_a ? t, epoch, hand, holder, state, dials, unsure, ask;
        A[t].far_dials = dials;
        A[t].far_unsure = unsure;
        if
        :: epoch == A[t].epoch && hand == A[t].hand && A[t].holder_is_target && A[t].state != done ->
            A[t].holder_is_target = holder; A[t].state = state
        :: epoch == A[t].epoch && hand == A[t].hand && !A[t].holder_is_target ->
            if
            :: A[t].asked ->
                A[t].asked = false;
                if
                :: A[t].state == uncertain && FREE(A[t]) -> A[t].state = withdrawn
                :: else -> skip
                fi
            :: else -> skip
            fi
        :: else -> skip
        fi }
    od
}

/* A crash while dialling: nobody knows what became of it. A restore of B: it forgets that it dialled. */
proctype disasters() {
    byte t;
    do
    :: atomic { crashes < CRASHES -> crashes++;
        select(t : 0 .. TASKS - 1);
        if
        :: B[t].holder_is_target && B[t].state == dialling -> B[t].state = uncertain
        :: !A[t].holder_is_target && A[t].state == dialling -> A[t].state = uncertain
        :: B[t].epoch > 0 ->
            B[t].dials = 0; B[t].unsure = true;
            if
            :: B[t].holder_is_target && B[t].state != done -> B[t].state = uncertain
            :: else -> skip
            fi
        :: else -> skip
        fi }
    :: crashes >= CRASHES -> break
    od
}

init {
    byte i;
    atomic {
        for (i : 0 .. TASKS - 1) {
            A[i].state = offered; A[i].epoch = 1; A[i].hand = 1; A[i].holder_is_target = true;
            B[i].state = offered;
            to_b ! i, 1, 1, true, offered, 0, false, false
        }
        run people_of_a(); run people_of_b(); run messages_to_b(); run messages_to_a(); run disasters()
    }
}
