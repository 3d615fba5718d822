import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("monthly_billing_mite_connect", {
    steps: () => [
        {
            content: "make a source",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "name it",
            trigger: ".o_field_widget[name=name] input",
            run: "edit mite",
        },
        {
            content: "name the account by its address",
            trigger: ".o_field_widget[name=subdomain] input",
            run: "edit https://firm.mite.de/",
        },
        {
            content: "enter the key",
            trigger: ".o_field_widget[name=api_key] input",
            run: "edit 0123456789abcdef",
        },
        {
            content: "change the first day",
            trigger: ".o_field_widget[name=date_from] button",
            run: "click",
        },
        {
            content: "import from September on",
            trigger: ".o_field_widget[name=date_from] input",
            run: "edit 09/01/2026",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "test it",
            trigger: "button[name=action_test]",
            run: "click",
        },
        {
            content: "read that it works",
            trigger: ".o_notification .bg-success, .o_notification.border-success",
        },
        {
            content: "ask what will come",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "see a customer with hours",
            trigger:
                ".modal .o_field_widget[name=line_ids] .o_data_row:contains(Sommer)",
        },
        {
            content: "start",
            trigger: ".modal button[name=action_start]",
            run: "click",
        },
        {
            content: "see that it runs",
            trigger: "button[name=action_synchronise]",
        },
    ],
});

tours.add("monthly_billing_mite_assign", {
    steps: () => [
        {
            content: "see what is to be assigned",
            trigger: ".o_list_view",
        },
        {
            content: "show all of it",
            trigger: ".o_searchview_facet:contains(Kind) .o_facet_remove",
            run: "click",
        },
        {
            content: "choose everything",
            trigger: ".o_data_row:contains(Sommer)",
        },
        {
            content: "choose everything",
            trigger: ".o_list_record_selector input",
            run: "click",
        },
        {
            content: "accept what is proposed",
            trigger: "button[name=action_decide]",
            run: "click",
        },
        {
            content: "nothing is left to decide",
            trigger: ".o_view_nocontent, .o_list_view:not(:has(.o_data_row))",
        },
    ],
});
