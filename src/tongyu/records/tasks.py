"""The records' background work; procrastinate finds this module by its name."""

from django.utils.translation import gettext_lazy as _

from tongyu.core import jobs
from tongyu.records import making

make_file = jobs.job(making.TASK, label=_("生成导出文件"))(making.make_file)
