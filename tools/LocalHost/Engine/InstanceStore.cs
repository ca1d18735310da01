using System.Globalization;
using IntegrationPoints.LocalHost.Durable.Client;
using Microsoft.Data.Sqlite;

namespace IntegrationPoints.LocalHost.Engine;

/// <summary>Instances, their histories, the events that wait for them, and the activity calls that wait for a result.</summary>
internal sealed class InstanceStore(Database database)
{
    private const string InstanceColumns = "id, execution, name, status, created, updated, input, output, custom_status";

    public Instance? Find(string id) =>
        database.Query($"SELECT {InstanceColumns} FROM instances WHERE id=?1", ReadInstance, id).FirstOrDefault();

    /// <summary>Creates an instance that starts at a time. One with its id is an error when it is in one of the statuses, else replaced.</summary>
    public void Create(string id, string name, string? input, DateTime start, IReadOnlyCollection<OrchestrationRuntimeStatus> refuse) =>
        database.Transaction(() =>
        {
            if (Find(id) is { } existing && refuse.Contains(existing.Status))
            {
                throw new InvalidOperationException($"An orchestration with the id '{id}' already exists. It is {existing.Status}.");
            }

            Delete(id);
            var now = Clock.UtcNow;
            var execution = Guid.NewGuid().ToString("N");
            database.Execute(
                $"INSERT INTO instances({InstanceColumns}) VALUES(?1,?2,?3,?4,?5,?5,?6,NULL,NULL)",
                id, execution, name, (int)OrchestrationRuntimeStatus.Pending, now, input);
            Send(id, execution, new HistoryEvent(EventKind.ExecutionStarted, start > now ? start : now, Name: name, Data: input));
            return true;
        });

    /// <summary>Sends an event from outside to an instance that runs.</summary>
    public void SendFromOutside(string id, HistoryEvent message) => database.Transaction(() =>
    {
        var instance = Find(id) ?? throw new InstanceException($"There is no orchestration with the id '{id}'.");
        if (instance.HasEnded)
        {
            throw new InstanceException($"The orchestration '{id}' has ended: it is {instance.Status}.");
        }

        Send(id, null, message);
        return true;
    });

    /// <summary>Sends an event to one execution; it is dropped when that is over.</summary>
    public bool SendToExecution(string id, string execution, HistoryEvent message) => database.Execute(
        """
        INSERT INTO inbox(instance, execution, kind, at, task, name, data)
        SELECT id, execution, ?3, ?4, ?5, ?6, ?7 FROM instances WHERE id=?1 AND execution=?2 AND status IN (0, 6)
        """,
        id, execution, (int)message.Kind, message.At, message.TaskId, message.Name, message.Data) == 1;

    /// <summary>Stores the result of an activity. False when it had one before: the first counts.</summary>
    public bool CompleteActivity(ActivityWork work, HistoryEvent result) => database.Transaction(() =>
    {
        if (database.Execute("DELETE FROM activities WHERE seq=?1", work.Seq) == 0)
        {
            return false;
        }

        SendToExecution(work.InstanceId, work.Execution, result with { TaskId = work.TaskId });
        return true;
    });

    public List<ActivityWork> PendingActivities() => database.Query(
        "SELECT seq, instance, execution, task, name, input FROM activities ORDER BY seq",
        r => new ActivityWork(r.GetInt64(0), r.GetString(1), r.GetString(2), r.GetInt32(3), r.GetString(4), Text(r, 5)));

    /// <summary>For every instance with waiting events, when the first is due.</summary>
    public List<(string Id, DateTime At)> Wakeups() => database.Query(
        "SELECT instance, MIN(at) FROM inbox GROUP BY instance", r => (r.GetString(0), Time(r, 1)));

    /// <summary>The history of an instance's execution.</summary>
    public List<HistoryEvent> History(string id) => database.Query(
        "SELECT kind, at, task, name, data FROM history WHERE instance=?1 ORDER BY seq", r => ReadEvent(r, 0), id);

    /// <summary>The events due for an instance, the start first, then in order of time.</summary>
    public List<Message> Due(string id, DateTime now) => database.Query(
        "SELECT seq, execution, kind, at, task, name, data FROM inbox WHERE instance=?1 AND at<=?2 ORDER BY kind<>0, at, seq",
        r => new Message(r.GetInt64(0), Text(r, 1), ReadEvent(r, 2)),
        id, now);

    /// <summary>Stores what a turn decided, all or nothing.</summary>
    /// <returns>The activity calls to run.</returns>
    public List<ActivityWork> Commit(Instance instance, int historyLength, IEnumerable<Message> handled, TurnOutcome outcome) =>
        database.Transaction<List<ActivityWork>>(() =>
        {
            if (Find(instance.Id)?.Execution != instance.Execution)
            {
                // Replaced by a new instance with its id while the turn ran.
                return [];
            }

            foreach (var message in handled)
            {
                database.Execute("DELETE FROM inbox WHERE seq=?1", message.Seq);
            }

            if (outcome.ContinuesAsNew)
            {
                ContinueAsNew(instance, outcome);
                return [];
            }

            AppendHistory(instance.Id, historyLength, outcome.NewHistory);
            ChangeTimers(instance, outcome);
            var ended = outcome.Status != OrchestrationRuntimeStatus.Running;
            if (ended)
            {
                database.Execute("DELETE FROM inbox WHERE instance=?1", instance.Id);
            }

            database.Execute(
                "UPDATE instances SET status=?2, updated=?3, output=?4, custom_status=?5 WHERE id=?1",
                instance.Id, (int)outcome.Status, Clock.UtcNow, outcome.Output, outcome.CustomStatus);
            return outcome.Activities.Select(a => AddActivity(instance, a.TaskId, a.Name, a.Input)).ToList();
        });

    /// <summary>A page of instances in the order of their ids.</summary>
    public List<Instance> List(OrchestrationQuery query, string? after, int count)
    {
        var statuses = query.Statuses is null ? "" : $" AND status IN ({StatusList(query.Statuses)})";
        return database.Query(
            $"""
            SELECT {InstanceColumns} FROM instances
            WHERE id>?1 AND substr(id, 1, length(?2))=?2 AND created>=?3 AND created<=?4{statuses} ORDER BY id LIMIT ?5
            """,
            ReadInstance,
            after ?? "",
            query.InstanceIdPrefix ?? "",
            query.CreatedFrom?.UtcDateTime ?? DateTime.MinValue,
            query.CreatedTo?.UtcDateTime ?? DateTime.MaxValue,
            count);
    }

    /// <summary>Removes an instance that has ended.</summary>
    public bool Purge(string id) => database.Transaction(() =>
    {
        var purge = Find(id) is { HasEnded: true };
        if (purge)
        {
            Delete(id);
        }

        return purge;
    });

    private static string StatusList(IEnumerable<OrchestrationRuntimeStatus> statuses) =>
        string.Join(',', statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture)));

    private static Instance ReadInstance(SqliteDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), (OrchestrationRuntimeStatus)r.GetInt32(3), Time(r, 4), Time(r, 5), Text(r, 6), Text(r, 7), Text(r, 8));

    private static HistoryEvent ReadEvent(SqliteDataReader r, int first) =>
        new((EventKind)r.GetInt32(first), Time(r, first + 1), r.GetInt32(first + 2), Text(r, first + 3), Text(r, first + 4));

    private static string? Text(SqliteDataReader r, int column) => r.IsDBNull(column) ? null : r.GetString(column);

    private static DateTime Time(SqliteDataReader r, int column) => new(r.GetInt64(column), DateTimeKind.Utc);

    private void Send(string id, string? execution, HistoryEvent e) => database.Execute(
        "INSERT INTO inbox(instance, execution, kind, at, task, name, data) VALUES(?1,?2,?3,?4,?5,?6,?7)",
        id, execution, (int)e.Kind, e.At, e.TaskId, e.Name, e.Data);

    private void Delete(string id)
    {
        database.Execute("DELETE FROM instances WHERE id=?1", id);
        database.Execute("DELETE FROM history WHERE instance=?1", id);
        database.Execute("DELETE FROM inbox WHERE instance=?1", id);
        database.Execute("DELETE FROM activities WHERE instance=?1", id);
    }

    private void ContinueAsNew(Instance instance, TurnOutcome outcome)
    {
        var execution = Guid.NewGuid().ToString("N");
        database.Execute("DELETE FROM history WHERE instance=?1", instance.Id);
        // What was meant for the execution that ends is for nobody now; events from outside stay.
        database.Execute("DELETE FROM inbox WHERE instance=?1 AND execution IS NOT NULL", instance.Id);
        var now = Clock.UtcNow;
        Send(instance.Id, execution, new HistoryEvent(EventKind.ExecutionStarted, now, Name: instance.Name, Data: outcome.NewInput));
        foreach (var e in outcome.CarriedEvents)
        {
            Send(instance.Id, null, e);
        }

        database.Execute(
            "UPDATE instances SET execution=?2, status=?3, updated=?4, input=?5, custom_status=?6 WHERE id=?1",
            instance.Id, execution, (int)OrchestrationRuntimeStatus.Running, now, outcome.NewInput, outcome.CustomStatus);
    }

    private void AppendHistory(string id, int length, IReadOnlyList<HistoryEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var e = events[i];
            database.Execute(
                "INSERT INTO history(instance, seq, kind, at, task, name, data) VALUES(?1,?2,?3,?4,?5,?6,?7)",
                id, length + i, (int)e.Kind, e.At, e.TaskId, e.Name, e.Data);
        }
    }

    private void ChangeTimers(Instance instance, TurnOutcome outcome)
    {
        foreach (var timer in outcome.Timers)
        {
            Send(instance.Id, instance.Execution, timer with { Kind = EventKind.TimerFired });
        }

        foreach (var id in outcome.CancelledTimers)
        {
            database.Execute(
                "DELETE FROM inbox WHERE instance=?1 AND execution=?2 AND kind=?3 AND task=?4",
                instance.Id, instance.Execution, (int)EventKind.TimerFired, id);
        }
    }

    private ActivityWork AddActivity(Instance instance, int taskId, string name, string? input)
    {
        var seq = database.Query(
            "INSERT INTO activities(instance, execution, task, name, input) VALUES(?1,?2,?3,?4,?5) RETURNING seq",
            r => r.GetInt64(0),
            instance.Id, instance.Execution, taskId, name, input)[0];
        return new ActivityWork(seq, instance.Id, instance.Execution, taskId, name, input);
    }
}

/// <summary>The instance is not there or has ended. Internal, so that App can tell it from nothing else, as on the real host.</summary>
internal sealed class InstanceException(string message) : Exception(message);
