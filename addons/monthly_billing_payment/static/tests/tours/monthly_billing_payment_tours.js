import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

// The tours run in several languages: they find things by their names and classes.
const tours = registry.category("web_tour.tours");

const chooseDemo = [
    {
        content: "see what is asked for",
        trigger: "#pay_with.show #o_payment_summary_amount_full",
    },
    {
        content: "choose the provider",
        trigger: "#pay_with input[name=o_payment_radio][data-provider-code=demo]",
        run: "click",
    },
];

const submit = {
    content: "pay",
    trigger: "#pay_with button[name=o_payment_submit_button]:enabled",
    run: "click",
};

tours.add("monthly_billing_pay", {
    steps: () => [
        ...chooseDemo,
        {...submit, expectUnloadPage: true},
        {
            content: "wait for the payment to be booked",
            trigger: "[name=o_payment_status]",
            expectUnloadPage: true,
        },
        {
            content: "see the invoice paid, and that nothing is asked for any more",
            trigger:
                "#sidebar_content:has([name=invoice_paid_badge]):not(:has([data-bs-target='#pay_with']))",
        },
    ],
});

tours.add("monthly_billing_pay_fails", {
    steps: () => [
        ...chooseDemo,
        {
            content: "let the payment fail",
            trigger: "#pay_with #simulated_payment_state",
            run: "select error",
        },
        {...submit, expectUnloadPage: true},
        {
            content: "wait for the answer of the provider",
            trigger: "[name=o_payment_status]",
            expectUnloadPage: true,
        },
        {
            content: "learn that it failed",
            trigger: "[name=o_payment_status_alert].alert-danger",
        },
        {
            content: "be able to try again",
            trigger: "#sidebar_content [data-bs-target='#pay_with']",
        },
    ],
});

tours.add("monthly_billing_pay_in_two_windows", {
    steps: () => [
        ...chooseDemo,
        {
            content: "pay in another window meanwhile",
            trigger: "#o_payment_form",
            async run({anchor}) {
                const option = document.querySelector("input[name=o_payment_radio]");
                const {reference} = await rpc(anchor.dataset.transactionRoute, {
                    provider_id: parseInt(option.dataset.providerId),
                    payment_method_id: parseInt(option.dataset.paymentOptionId),
                    token_id: null,
                    amount: parseFloat(anchor.dataset.amount),
                    flow: "direct",
                    tokenization_requested: false,
                    landing_route: anchor.dataset.landingRoute,
                    access_token: anchor.dataset.accessToken,
                });
                await rpc("/payment/demo/simulate_payment", {
                    reference,
                    simulated_state: "done",
                });
                await rpc("/payment/status/poll");
            },
        },
        submit,
        {
            content: "learn that it is paid",
            trigger: ".o_dialog .modal-body:contains(This invoice is paid. Thank you.)",
        },
    ],
});
