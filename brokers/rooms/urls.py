"""The addresses of deal rooms."""

from django.urls import path

from brokers.rooms.views import meetings, papers, parties, rooms, talk, tasks

app_name = "rooms"

urlpatterns = [
    path("", rooms.my_rooms, name="my_rooms"),
    path("for/<slug:key>/", rooms.open_for, name="open_room"),
    path("invitations/<slug:key>/", parties.invitation_page, name="invitation_page"),
    path("invitations/<slug:key>/accept/", parties.accept, name="accept_invitation"),
    path("invitations/<slug:key>/decline/", parties.decline, name="decline_invitation"),
    path("invitations/<slug:key>/end/", parties.end, name="end_invitation"),
    path("tasks/<slug:key>/", tasks.task_page, name="task_page"),
    path("tasks/<slug:key>/change/", tasks.change, name="change_task"),
    path("tasks/<slug:key>/begin/", tasks.begin, name="begin_task"),
    path("tasks/<slug:key>/finish/", tasks.finish, name="finish_task"),
    path("tasks/<slug:key>/drop/", tasks.drop, name="drop_task"),
    path("tasks/<slug:key>/invite/", parties.invite_to_task, name="invite_partner"),
    path("circles/<slug:key>/", talk.circle_page, name="circle_page"),
    path("circles/<slug:key>/say/", talk.say_in, name="say"),
    path("circles/<slug:key>/meetings/new/", meetings.arrange, name="arrange_meeting"),
    path("circles/<slug:key>/documents/new/", papers.put_in, name="put_in_paper"),
    path("documents/<slug:key>/", papers.paper_page, name="paper_page"),
    path("documents/<slug:key>/versions/new/", papers.new_version, name="add_version"),
    path("documents/<slug:key>/readers/", papers.readers, name="open_paper"),
    path("files/<slug:key>/", papers.download_version, name="download_version"),
    path("meetings/<slug:key>/", meetings.meeting_page, name="meeting_page"),
    path("meetings/<slug:key>/change/", meetings.move, name="move_meeting"),
    path("meetings/<slug:key>/cancel/", meetings.cancel, name="cancel_meeting"),
    path("meetings/<slug:key>/meeting.ics", meetings.meeting_file, name="meeting_file"),
    path("<slug:key>/", rooms.room_page, name="room_page"),
    path("<slug:key>/story/", rooms.room_story, name="room_story"),
    path("<slug:key>/close/", rooms.close, name="close_room"),
    path("<slug:key>/reopen/", rooms.reopen, name="reopen_room"),
    path("<slug:key>/invite/", parties.invite_to_room, name="invite_counterparty"),
    path("<slug:key>/tasks/new/", tasks.new_task, name="set_task"),
]
