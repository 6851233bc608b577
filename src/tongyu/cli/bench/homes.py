"""The addresses of the home pages, as a browser would know them: the command line names no portal."""

HOMES = {
    "office_staff": "/office/",
    "department_staff": "/department/",
    "township_staff": "/township/",
    "school_leader": "/school/",
    "class_teacher": "/class/",
    "subject_teacher": "/my-class/",
    "system_admin": "/system/",
}
