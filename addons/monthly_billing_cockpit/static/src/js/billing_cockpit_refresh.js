import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const SECONDS = 5;

/** Reads the counts of the month again and again while agreements are open. */
export class BillingCockpitRefresh extends Component {
    static template = xml`<span class="o_billing_cockpit_refresh"/>`;
    static props = {...standardWidgetProps};

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), SECONDS * 1000);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        const {record} = this.props;
        if (record.data.open_count && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("billing_cockpit_refresh", {
    component: BillingCockpitRefresh,
});
