from odoo.http import request

from odoo.addons.hr_timesheet.controllers.portal import TimesheetCustomerPortal


class TimesheetPortal(TimesheetCustomerPortal):
    """Customers search, sort and group time by anything but the firm's people, whose
    names they may not know."""

    def _get_searchbar_inputs(self):
        return self._leave_out_people(super()._get_searchbar_inputs())

    def _get_searchbar_groupby(self):
        return self._leave_out_people(super()._get_searchbar_groupby())

    def _get_searchbar_sortings(self):
        return self._leave_out_people(super()._get_searchbar_sortings())

    def _leave_out_people(self, options):
        """Return ``options`` as the user may choose from them."""
        if request.env.user._is_internal():
            return options
        return {name: one for name, one in options.items() if name != "employee_id"}
