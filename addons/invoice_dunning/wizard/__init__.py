from . import dunning_remind, dunning_remind_line, dunning_waive
