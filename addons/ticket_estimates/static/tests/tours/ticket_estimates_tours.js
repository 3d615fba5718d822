import {registry} from "@web/core/registry";

// The tours run in several languages and widths: they find things by their classes.
const tours = registry.category("web_tour.tours");

const openAnswerPage = [
    {
        content: "open the estimate that awaits an answer",
        trigger: ".o_ticket_answer",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "read what it covers and costs",
        trigger: ".o_estimate_page .o_estimate_terms",
    },
];

const sign = [
    {
        content: "write the own name",
        trigger: ".o_web_sign_name_and_signature input",
        run: "fill Ada Lovelace",
    },
    {
        content: "see the name drawn as a signature",
        trigger: "canvas.o_web_sign_signature",
        run: "canvasNotEmpty",
    },
    {
        content: "sign",
        trigger: ".o_portal_sign_submit:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "see the approval confirmed",
        trigger: ".o_estimate_page .o_estimate_approved .o_estimate_signature",
    },
];

tours.add("ticket_estimates_open_ticket", {
    steps: () => [
        {
            content: "ask for a new ticket",
            trigger: "form[action='/new/ticket'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "find the usual priority proposed",
            trigger: "select[name=priority]:value(1)",
        },
        {
            content: "say what it is about",
            trigger: "input[name=subject]",
            run: "edit The scanner is silent",
        },
        {
            content: "say how urgent it is",
            trigger: "select[name=priority]",
            run: "select 3",
        },
        {
            content: "describe it",
            trigger: "textarea[name=description]",
            run: "edit Since this morning it scans nothing.",
        },
        {
            content: "send it",
            trigger: "form[action='/submitted/ticket'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see the ticket",
            trigger: "#helpdesk_ticket_content .o_ticket_priority",
        },
    ],
});

tours.add("ticket_estimates_rank", {
    steps: () => [
        {
            content: "rank the tickets",
            trigger: ".o_ticket_rank_link",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "move the second ticket up",
            trigger: ".o_ticket_ranking li:nth-child(2) .o_ticket_rank_up",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see the order saved",
            trigger:
                ".o_ticket_ranking li:nth-child(2) .o_ticket_rank_number:contains(2)",
        },
        {
            content: "move the first ticket down",
            trigger: ".o_ticket_ranking li:nth-child(1) .o_ticket_rank_down",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "move it to the top again",
            trigger: ".o_ticket_ranking li:nth-child(2) .o_ticket_rank_top",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "open what comes first",
            trigger: ".o_ticket_ranking li:nth-child(1) a",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see its rank",
            trigger: ".o_ticket_rank:contains(1)",
        },
    ],
});

tours.add("ticket_estimates_approve", {
    steps: () => [...openAnswerPage, ...sign],
});

tours.add("ticket_estimates_reject", {
    steps: () => [
        ...openAnswerPage,
        {
            content: "open the form to reject",
            trigger: ".o_estimate_decline summary",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".o_estimate_decline textarea[name=reason]",
            run: "edit Please do the half of it",
        },
        {
            content: "reject",
            trigger: ".o_estimate_decline_submit",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see the rejection confirmed",
            trigger: ".o_estimate_page .o_estimate_rejected",
        },
    ],
});

tours.add("ticket_estimates_reapprove", {
    steps: () => [
        {
            content: "see that the approved hours are exceeded",
            trigger: ".o_ticket_progress .progress-bar.bg-danger",
        },
        ...openAnswerPage,
        ...sign,
        {
            content: "go back to the ticket",
            trigger: ".o_estimate_page a[href*='/my/ticket/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see hours left again",
            trigger: ".o_ticket_progress .o_ticket_hours_remaining",
        },
    ],
});
