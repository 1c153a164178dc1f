using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Caching.Memory;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Temporalio.Workflows;

namespace Guild;

/// <summary>Workflows of Temporal's, whose server is at `Guild:Temporal`; the worker is in this process.</summary>
static class TemporalWorkflows
{
    const string Queue = "guild";

    static readonly ActivityOptions Once = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1), RetryPolicy = new RetryPolicy { MaximumAttempts = 1 } };
    static readonly ActivityOptions Twice = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1), RetryPolicy = new RetryPolicy { MaximumAttempts = 2 } };

    static int s_runs;

    public static void Map(WebApplication app)
    {
        var connected = new TaskCompletionSource<TemporalClient>();
        var working = Task.CompletedTask;
        app.Lifetime.ApplicationStarted.Register(() => working = Work(app, connected));
        app.Lifetime.ApplicationStopping.Register(() => working.GetAwaiter().GetResult());

        app.MapGet("/temporal", async (string name) => await Result(() => connected.Task.Result.ExecuteWorkflowAsync((Greet workflow) => workflow.RunAsync(name), Options())));
        app.MapGet("/temporal/order", async (string what) =>
        {
            var handle = await connected.Task.Result.StartWorkflowAsync((Order workflow) => workflow.RunAsync(what), Options());
            await handle.SignalAsync(workflow => workflow.ApproveAsync("the boss"));
            return await Result(() => handle.GetResultAsync());
        });
        app.MapGet("/temporal/ask", async (string what) =>
        {
            var handle = await connected.Task.Result.StartWorkflowAsync((Order workflow) => workflow.RunAsync(what), Options());
            var status = await Result(() => handle.QueryAsync(workflow => workflow.Status(what)));
            var renamed = await Result(() => handle.ExecuteUpdateAsync(workflow => workflow.RenameAsync(what)));
            await handle.SignalAsync(workflow => workflow.ApproveAsync("the boss"));
            return $"{status} {renamed} {await Result(() => handle.GetResultAsync())}";
        });
        app.MapGet("/temporal/counting", async (int from) => await Result(() => connected.Task.Result.ExecuteWorkflowAsync((Countdown workflow) => workflow.RunAsync(from), Options())));
        app.MapGet("/temporal/clumsy", async () => await Result(() => connected.Task.Result.ExecuteWorkflowAsync((Clumsy workflow) => workflow.RunAsync(), Options())));
        app.MapGet("/temporal/errand", async (string how) => await Result(() => connected.Task.Result.ExecuteWorkflowAsync((Errand workflow) => workflow.RunAsync(how), Options())));
        app.MapGet("/temporal/at-once", async (string what) =>
        {
            var start = WithStartWorkflowOperation.Create((Order workflow) => workflow.RunAsync(what), new WorkflowOptions(Options().Id!, Queue) { IdConflictPolicy = WorkflowIdConflictPolicy.Fail });
            var renamed = await Result(() => connected.Task.Result.ExecuteUpdateWithStartWorkflowAsync((Order workflow) => workflow.RenameAsync(what), new WorkflowUpdateWithStartOptions(start)));
            var handle = await start.GetHandleAsync();
            await handle.SignalAsync(workflow => workflow.ApproveAsync("the boss"));
            return $"{renamed} {await Result(() => handle.GetResultAsync())}";
        });
        app.MapGet("/temporal/unknown", async () => await Result(() => connected.Task.Result.GetWorkflowHandle("order-of-nobody").SignalAsync("Approve", ["the boss"])));
        app.MapGet("/temporal/replay", async (string name) =>
        {
            var handle = await connected.Task.Result.StartWorkflowAsync((Greet workflow) => workflow.RunAsync(name), Options());
            await handle.GetResultAsync();
            var before = Greet.Runs;
            var replayed = await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Greet>()).ReplayWorkflowAsync(await handle.FetchHistoryAsync());
            return $"{replayed.ReplayFailure?.Message ?? "replayed"} {Greet.Runs - before}";
        });
    }

    static WorkflowOptions Options() => new($"order-of-ada@example.org-{Interlocked.Increment(ref s_runs)}", Queue);

    static async Task Work(WebApplication app, TaskCompletionSource<TemporalClient> connected)
    {
        var client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(app.Configuration["Guild:Temporal"]!)
        {
            DataConverter = app.Configuration["Guild:Codec"] is null ? DataConverter.Default : DataConverter.Default with { PayloadCodec = new TemporalCodec() },
            Interceptors = app.Configuration["Guild:Interceptor"] is null ? null : [new TemporalTracing()],
        });
        var options = new TemporalWorkerOptions(Queue) { MaxCachedWorkflows = app.Configuration.GetValue("Guild:Cached", 100) }
            .AddWorkflow<Greet>().AddWorkflow<Order>().AddWorkflow<Countdown>().AddWorkflow<Clumsy>().AddWorkflow<Errand>().AddAllActivities(typeof(Greetings), null);
        using var worker = new TemporalWorker(client, options);
        connected.SetResult(client);
        try
        {
            await worker.ExecuteAsync(app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
        }
    }

    static async Task<string> Result(Func<Task<string>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is TemporalException or RpcException)
        {
            return $"{e.GetType().Name}: {e.InnerException?.InnerException?.Message ?? e.InnerException?.Message ?? e.Message}";
        }
    }

    static Task<string> Result(Func<Task> run) => Result(async () =>
    {
        await run();
        return "done";
    });

    [Workflow]
    internal sealed class Greet
    {
        static int s_runs;

        /// <summary>How often the code below has begun.</summary>
        public static int Runs => Volatile.Read(ref s_runs);

        string _said = "";

        [WorkflowRun]
        public async Task<string> RunAsync(string name)
        {
            Interlocked.Increment(ref s_runs);
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
            _said = await Workflow.ExecuteActivityAsync(() => Greetings.SayAsync(name), Twice);
            return _said;
        }
    }

    [Workflow]
    internal sealed class Order
    {
        string? _approvedBy, _name;

        [WorkflowRun]
        public async Task<string> RunAsync(string what)
        {
            await Workflow.WaitConditionAsync(() => _approvedBy is not null);
            var noted = await Workflow.ExecuteLocalActivityAsync(() => Greetings.Note(what), new LocalActivityOptions { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
            var greeted = await Workflow.ExecuteChildWorkflowAsync((Greet workflow) => workflow.RunAsync("Ada"), new ChildWorkflowOptions { Id = $"{Workflow.Info.WorkflowId}-child" });
            return $"{noted}, {greeted}";
        }

        [WorkflowSignal]
        public async Task ApproveAsync(string by)
        {
            await Workflow.ExecuteActivityAsync(() => Greetings.Ring(), Once);
            _approvedBy = by;
        }

        [WorkflowQuery]
        public string Status(string what) => what == "nothing" ? throw new InvalidOperationException("Nothing has no status.") : _approvedBy is null ? "waiting" : "approved";

        [WorkflowUpdate]
        public async Task<string> RenameAsync(string what)
        {
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
            return _name = what == "nothing" ? throw new ApplicationFailureException("Nothing has no name.") : "renamed";
        }
    }

    /// <summary>Goes on as a new run.</summary>
    [Workflow]
    internal sealed class Countdown
    {
        int _left;

        [WorkflowRun]
        public async Task<string> RunAsync(int from)
        {
            _left = from;
            await Workflow.ExecuteActivityAsync(() => Greetings.Ring(), Once);
            return _left > 0 ? throw Workflow.CreateContinueAsNewException((Countdown workflow) => workflow.RunAsync(_left - 1)) : "done";
        }
    }

    /// <summary>Has a mistake in it, which is mended when it is tried again; and asks something of others inside of the app.</summary>
    [Workflow]
    internal sealed class Clumsy
    {
        static int s_tries;

        string? _made;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            _made = await MakeAsync();
            await Workflow.ExecuteActivityAsync(() => Greetings.Ring(), Once);
            return Interlocked.Increment(ref s_tries) == 1 ? throw new InvalidOperationException("The mistake.") : _made!;
        }

        /// <summary>Takes its time, by the workflow's clock.</summary>
        static async Task<string?> MakeAsync()
        {
            using var cache = new MemoryCache(new MemoryCacheOptions());
            await Workflow.DelayAsync(TimeSpan.FromMilliseconds(1));
            return cache.GetOrCreate("made", static _ => "made");
        }
    }

    [Workflow]
    internal sealed class Errand
    {
        string? _result;

        [WorkflowRun]
        public async Task<string> RunAsync(string how) => _result = await Workflow.ExecuteActivityAsync(() => Greetings.GoAsync(how), Twice);
    }

    internal static class Greetings
    {
        [Activity("Say")]
        public static async Task<string> SayAsync(string name)
        {
            await using var database = new SqliteConnection("Data Source=:memory:");
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = "SELECT 'Dear '";
            return name == "nobody" ? throw new InvalidOperationException("Nobody is there.") : $"{await command.ExecuteScalarAsync()}{name}";
        }

        /// <summary>Ends the first time in a way that is no failure.</summary>
        [Activity("Go")]
        public static async Task<string> GoAsync(string how)
        {
            var context = ActivityExecutionContext.Current;
            if (context.Info.Attempt > 1)
                return $"{how} is done";
            switch (how)
            {
                case "later":
                    await context.TemporalClient.GetAsyncActivityHandle(context.Info.TaskToken).CompleteAsync("later is done");
                    throw new CompleteAsyncException();
                case "stopped": // as the server answers
                    context.Heartbeat();
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                    return "";
                default:
                    throw new ApplicationFailureException("Not the first time.", category: ApplicationErrorCategory.Benign);
            }
        }

        [Activity]
        public static string Note(string what) => $"{what} is noted";

        [Activity]
        public static void Ring()
        {
        }
    }
}
