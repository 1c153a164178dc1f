using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Threading.Channels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Agent.IntegrationTests;

/// <summary>
/// As much of Temporal's frontend as a client and a worker of one namespace need for workflows with activities, children, timers (which fire at once), signals, queries, updates, markers of
/// local activities, and new runs. A heartbeat is answered that the activity is to begin anew. It keeps histories in memory; there are no time limits and no failures of its own.
/// </summary>
sealed class FakeTemporal : IAsyncDisposable
{
    const string Service = "/temporal.api.workflowservice.v1.WorkflowService/";

    readonly WebApplication _app;
    readonly Lock _lock = new(); // of everything below
    readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    readonly Dictionary<string, Run> _latest = new(StringComparer.Ordinal); // by the workflow's id
    readonly Dictionary<string, TaskCompletionSource<RespondQueryTaskCompletedRequest>> _queries = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Channel<Func<IMessage?>>> _queues = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<Header?> _activityHeaders = [];
    int _numbers;

    FakeTemporal(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Address => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    /// <summary>The headers that activities were scheduled with, in order.</summary>
    public IReadOnlyCollection<Header?> ActivityHeaders => _activityHeaders;

    public static async Task<FakeTemporal> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var server = new FakeTemporal(app);
        app.Run(server.Answer);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>Starts a workflow as another program does, or a schedule.</summary>
    /// <param name="workflow">Its type.</param>
    /// <param name="queue">Whose workers are to take it.</param>
    /// <param name="argument">As JSON.</param>
    /// <param name="id">The workflow's.</param>
    /// <param name="tracing">What a tracing interceptor has put into the headers, as JSON; null if there was none.</param>
    public void StartElsewhere(string workflow, string queue, string argument, string id, string? tracing = null) => StartRun(new WorkflowExecutionStartedEventAttributes
    {
        WorkflowType = new WorkflowType { Name = workflow },
        WorkflowId = id,
        TaskQueue = new() { Name = queue },
        Input = new Payloads { Payloads_ = { Json(argument) } },
        Header = tracing is null ? null : new Header { Fields = { ["_tracer-data"] = Json(tracing) } },
    });

    static Payload Json(string text) => new() { Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain") }, Data = ByteString.CopyFromUtf8(text) };

    /// <summary>Completes when a workflow has ended.</summary>
    public Task Ended(string workflow)
    {
        lock (_lock)
            return _latest[workflow].Closed.Task;
    }

    async Task Answer(HttpContext http)
    {
        http.Response.ContentType = "application/grpc";
        try
        {
            var message = await Call(http.Request.Path.Value!.Replace(Service, "", StringComparison.Ordinal), await Read(http.Request.Body), http.RequestAborted);
            var frame = new byte[5 + message.CalculateSize()];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
            message.WriteTo(frame.AsSpan(5));
            await http.Response.Body.WriteAsync(frame, http.RequestAborted);
            http.Response.AppendTrailer("grpc-status", "0");
        }
        catch (Refusal e)
        {
            http.Response.AppendTrailer("grpc-status", $"{e.Status}");
            http.Response.AppendTrailer("grpc-message", e.Message);
        }
        catch (OperationCanceledException)
        {
        }
    }

    static async Task<byte[]> Read(Stream body)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer);
        var frame = buffer.ToArray();
        if (frame[0] == 0)
            return frame[5..];
        await using var unpacked = new GZipStream(new MemoryStream(frame, 5, frame.Length - 5), CompressionMode.Decompress);
        using var message = new MemoryStream();
        await unpacked.CopyToAsync(message);
        return message.ToArray();
    }

    Task<IMessage> Call(string method, byte[] request, CancellationToken aborted) => method switch
    {
        "GetSystemInfo" => Done(new GetSystemInfoResponse
        {
            ServerVersion = "1.30.0",
            Capabilities = new() { SupportsSchedules = true, SdkMetadata = true, BuildIdBasedVersioning = true, SignalAndQueryHeader = true, InternalErrorDifferentiation = true, ActivityFailureIncludeHeartbeat = true, EncodedFailureAttributes = true },
        }),
        "DescribeNamespace" => Done(new DescribeNamespaceResponse { NamespaceInfo = new NamespaceInfo { Name = "default", Id = "default", State = NamespaceState.Registered } }),
        "RecordWorkerHeartbeat" => Done(new RecordWorkerHeartbeatResponse()),
        "ShutdownWorker" => Done(new ShutdownWorkerResponse()),
        "StartWorkflowExecution" => Locked(() => StartWorkflow(StartWorkflowExecutionRequest.Parser.ParseFrom(request))),
        "SignalWorkflowExecution" => Locked(() => Signal(SignalWorkflowExecutionRequest.Parser.ParseFrom(request))),
        "QueryWorkflow" => Query(QueryWorkflowRequest.Parser.ParseFrom(request), aborted),
        "RespondQueryTaskCompleted" => Locked(() => Answered(RespondQueryTaskCompletedRequest.Parser.ParseFrom(request))),
        "UpdateWorkflowExecution" => Answered(Update(UpdateWorkflowExecutionRequest.Parser.ParseFrom(request), aborted)),
        "ExecuteMultiOperation" => StartAndUpdate(ExecuteMultiOperationRequest.Parser.ParseFrom(request), aborted),
        "PollWorkflowTaskQueue" => Poll("workflows of ", PollWorkflowTaskQueueRequest.Parser.ParseFrom(request).TaskQueue.Name, aborted),
        "RespondWorkflowTaskCompleted" => Locked(() => Completed(RespondWorkflowTaskCompletedRequest.Parser.ParseFrom(request))),
        "RespondWorkflowTaskFailed" => Locked(() => Failed(RespondWorkflowTaskFailedRequest.Parser.ParseFrom(request))),
        "PollActivityTaskQueue" => Poll("activities of ", PollActivityTaskQueueRequest.Parser.ParseFrom(request).TaskQueue.Name, aborted),
        "RecordActivityTaskHeartbeat" => Done(new RecordActivityTaskHeartbeatResponse { ActivityReset = true }),
        "RespondActivityTaskCompleted" => Locked(() => ActivityCompleted(RespondActivityTaskCompletedRequest.Parser.ParseFrom(request))),
        "RespondActivityTaskFailed" => Locked(() => ActivityFailed(RespondActivityTaskFailedRequest.Parser.ParseFrom(request))),
        "GetWorkflowExecutionHistory" => History(GetWorkflowExecutionHistoryRequest.Parser.ParseFrom(request), aborted),
        _ => throw new Refusal(12, $"{method} is not there."),
    };

    static Task<IMessage> Done(IMessage response) => Task.FromResult(response);

    static async Task<IMessage> Answered(Task<UpdateWorkflowExecutionResponse> response) => await response;

    Task<IMessage> Locked(Func<IMessage> call)
    {
        lock (_lock)
            return Done(call());
    }

    /// <summary>Waits for something to do; what has become void meanwhile is skipped.</summary>
    async Task<IMessage> Poll(string kind, string queue, CancellationToken aborted)
    {
        while (true)
        {
            var task = await Queue(kind + queue).Reader.ReadAsync(aborted);
            lock (_lock)
            {
                if (task() is { } message)
                    return message;
            }
        }
    }

    Channel<Func<IMessage?>> Queue(string name) => _queues.GetOrAdd(name, static _ => Channel.CreateUnbounded<Func<IMessage?>>());

    StartWorkflowExecutionResponse StartWorkflow(StartWorkflowExecutionRequest request) => new StartWorkflowExecutionResponse
    {
        Started = true,
        RunId = StartRun(new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = request.WorkflowType,
            WorkflowId = request.WorkflowId,
            TaskQueue = request.TaskQueue,
            Input = request.Input,
            Header = request.Header,
        }).Id,
    };

    Run StartRun(WorkflowExecutionStartedEventAttributes started, Run? parent = null, long initiated = 0)
    {
        lock (_lock)
        {
            var run = new Run(started) { Parent = parent, Initiated = initiated };
            (started.OriginalExecutionRunId, started.FirstExecutionRunId, started.Attempt, started.WorkflowTaskTimeout) = (run.Id, run.Id, 1, Duration.FromTimeSpan(TimeSpan.FromSeconds(10)));
            _runs[run.Id] = _latest[started.WorkflowId] = run;
            run.Add(new HistoryEvent { EventType = EventType.WorkflowExecutionStarted, WorkflowExecutionStartedEventAttributes = started });
            Schedule(run);
            return run;
        }
    }

    /// <summary>What a worker has to do next for it, if that is not under way.</summary>
    void Schedule(Run run)
    {
        if (run.IsClosed)
            return;
        if (run.Scheduled != 0)
        {
            run.HasMore = true;
            return;
        }
        run.Scheduled = run.Add(new HistoryEvent
        {
            EventType = EventType.WorkflowTaskScheduled,
            WorkflowTaskScheduledEventAttributes = new() { TaskQueue = run.Start.TaskQueue, StartToCloseTimeout = run.Start.WorkflowTaskTimeout, Attempt = 1 },
        });
        Offer(run);
    }

    void Offer(Run run) => Queue($"workflows of {run.Sticky ?? run.Start.TaskQueue.Name}").Writer.TryWrite(() =>
    {
        run.Started = run.Add(new HistoryEvent { EventType = EventType.WorkflowTaskStarted, WorkflowTaskStartedEventAttributes = new() { ScheduledEventId = run.Scheduled, RequestId = Number() } });
        var task = TaskOf(run);
        task.StartedEventId = run.Started;
        foreach (var update in run.Updates.Where(static update => !update.IsDelivered))
        {
            update.IsDelivered = true;
            task.Messages.Add(new Message { Id = update.RequestId, ProtocolInstanceId = update.Id, EventId = run.Started - 1, Body = Any.Pack(update.Request) });
        }
        return task;
    });

    /// <summary>The history with it; only what is new for a worker that has kept the workflow.</summary>
    static PollWorkflowTaskQueueResponse TaskOf(Run run)
    {
        var history = new History();
        history.Events.AddRange(run.Sticky is null ? run.Events : run.Events.Where(happened => happened.EventId > run.Previous));
        return new PollWorkflowTaskQueueResponse
        {
            TaskToken = ByteString.CopyFromUtf8(run.Id),
            WorkflowExecution = run.Execution,
            WorkflowType = run.Start.WorkflowType,
            WorkflowExecutionTaskQueue = run.Start.TaskQueue,
            PreviousStartedEventId = run.Previous,
            Attempt = 1,
            History = history,
            ScheduledTime = Now,
            StartedTime = Now,
        };
    }

    RespondWorkflowTaskCompletedResponse Completed(RespondWorkflowTaskCompletedRequest request)
    {
        var run = _runs[request.TaskToken.ToStringUtf8()];
        var completed = run.Add(new HistoryEvent
        {
            EventType = EventType.WorkflowTaskCompleted,
            WorkflowTaskCompletedEventAttributes = new() { ScheduledEventId = run.Scheduled, StartedEventId = run.Started, SdkMetadata = request.SdkMetadata },
        });
        (run.Previous, run.Scheduled, run.Sticky) = (run.Started, 0, request.StickyAttributes?.WorkerTaskQueue.Name is { Length: > 0 } sticky ? sticky : null);
        foreach (var command in request.Commands)
            Execute(run, command, request.Messages, completed);
        foreach (var message in request.Messages.Where(static message => message.Body.Is(Rejection.Descriptor)))
            run.Updates.Single(update => update.Id == message.ProtocolInstanceId).Ended.TrySetResult(new Outcome { Failure = message.Body.Unpack<Rejection>().Failure });
        var hasMore = run.HasMore;
        run.HasMore = false;
        if (hasMore || request.ForceCreateNewWorkflowTask)
            Schedule(run);
        return new RespondWorkflowTaskCompletedResponse();
    }

    /// <summary>The app's code has failed in a way that is none of the workflow's results: it is tried again, as often as it takes.</summary>
    RespondWorkflowTaskFailedResponse Failed(RespondWorkflowTaskFailedRequest request)
    {
        var run = _runs[request.TaskToken.ToStringUtf8()];
        run.Add(new HistoryEvent
        {
            EventType = EventType.WorkflowTaskFailed,
            WorkflowTaskFailedEventAttributes = new() { ScheduledEventId = run.Scheduled, StartedEventId = run.Started, Cause = request.Cause, Failure = request.Failure },
        });
        (run.Scheduled, run.Sticky, run.Previous) = (0, null, 0);
        Schedule(run);
        return new RespondWorkflowTaskFailedResponse();
    }

    void Execute(Run run, Command command, IEnumerable<Message> messages, long completed)
    {
        switch (command.AttributesCase)
        {
            case Command.AttributesOneofCase.ScheduleActivityTaskCommandAttributes:
                var activity = command.ScheduleActivityTaskCommandAttributes;
                _activityHeaders.Enqueue(activity.Header);
                var scheduled = run.Add(new HistoryEvent
                {
                    EventType = EventType.ActivityTaskScheduled,
                    ActivityTaskScheduledEventAttributes = new()
                    {
                        ActivityId = activity.ActivityId, ActivityType = activity.ActivityType, TaskQueue = activity.TaskQueue, Header = activity.Header, Input = activity.Input,
                        StartToCloseTimeout = activity.StartToCloseTimeout, RetryPolicy = activity.RetryPolicy, WorkflowTaskCompletedEventId = completed,
                    },
                });
                Offer(run, scheduled, activity, 1);
                break;
            case Command.AttributesOneofCase.StartTimerCommandAttributes:
                var timer = command.StartTimerCommandAttributes;
                var set = run.Add(new HistoryEvent { EventType = EventType.TimerStarted, TimerStartedEventAttributes = new() { TimerId = timer.TimerId, StartToFireTimeout = timer.StartToFireTimeout, WorkflowTaskCompletedEventId = completed } });
                run.Add(new HistoryEvent { EventType = EventType.TimerFired, TimerFiredEventAttributes = new() { TimerId = timer.TimerId, StartedEventId = set } });
                Schedule(run);
                break;
            case Command.AttributesOneofCase.RecordMarkerCommandAttributes:
                var marker = new MarkerRecordedEventAttributes { MarkerName = command.RecordMarkerCommandAttributes.MarkerName, Header = command.RecordMarkerCommandAttributes.Header, Failure = command.RecordMarkerCommandAttributes.Failure, WorkflowTaskCompletedEventId = completed };
                marker.Details.Add(command.RecordMarkerCommandAttributes.Details);
                run.Add(new HistoryEvent { EventType = EventType.MarkerRecorded, MarkerRecordedEventAttributes = marker });
                break;
            case Command.AttributesOneofCase.StartChildWorkflowExecutionCommandAttributes:
                var child = command.StartChildWorkflowExecutionCommandAttributes;
                var initiated = run.Add(new HistoryEvent
                {
                    EventType = EventType.StartChildWorkflowExecutionInitiated,
                    StartChildWorkflowExecutionInitiatedEventAttributes = new()
                    {
                        Namespace = "default", WorkflowId = child.WorkflowId, WorkflowType = child.WorkflowType, TaskQueue = child.TaskQueue, Header = child.Header, Input = child.Input, WorkflowTaskCompletedEventId = completed,
                    },
                });
                var of = StartRun(new WorkflowExecutionStartedEventAttributes { WorkflowType = child.WorkflowType, WorkflowId = child.WorkflowId, TaskQueue = child.TaskQueue, Input = child.Input, Header = child.Header, ParentWorkflowExecution = run.Execution, ParentWorkflowNamespace = "default" }, run, initiated);
                run.Add(new HistoryEvent
                {
                    EventType = EventType.ChildWorkflowExecutionStarted,
                    ChildWorkflowExecutionStartedEventAttributes = new() { Namespace = "default", InitiatedEventId = initiated, WorkflowExecution = of.Execution, WorkflowType = child.WorkflowType, Header = child.Header },
                });
                Schedule(run);
                break;
            case Command.AttributesOneofCase.ProtocolMessageCommandAttributes:
                Executed(run, messages.Single(message => message.Id == command.ProtocolMessageCommandAttributes.MessageId));
                break;
            case Command.AttributesOneofCase.CompleteWorkflowExecutionCommandAttributes:
                var result = command.CompleteWorkflowExecutionCommandAttributes.Result;
                Close(run, new HistoryEvent { EventType = EventType.WorkflowExecutionCompleted, WorkflowExecutionCompletedEventAttributes = new() { Result = result, WorkflowTaskCompletedEventId = completed } }, new HistoryEvent
                {
                    EventType = EventType.ChildWorkflowExecutionCompleted,
                    ChildWorkflowExecutionCompletedEventAttributes = new() { Result = result, Namespace = "default", WorkflowExecution = run.Execution, WorkflowType = run.Start.WorkflowType, InitiatedEventId = run.Initiated, StartedEventId = run.Initiated + 1 },
                });
                break;
            case Command.AttributesOneofCase.FailWorkflowExecutionCommandAttributes:
                var failure = command.FailWorkflowExecutionCommandAttributes.Failure;
                Close(run, new HistoryEvent { EventType = EventType.WorkflowExecutionFailed, WorkflowExecutionFailedEventAttributes = new() { Failure = failure, RetryState = RetryState.RetryPolicyNotSet, WorkflowTaskCompletedEventId = completed } }, new HistoryEvent
                {
                    EventType = EventType.ChildWorkflowExecutionFailed,
                    ChildWorkflowExecutionFailedEventAttributes = new() { Failure = failure, RetryState = RetryState.RetryPolicyNotSet, Namespace = "default", WorkflowExecution = run.Execution, WorkflowType = run.Start.WorkflowType, InitiatedEventId = run.Initiated, StartedEventId = run.Initiated + 1 },
                });
                break;
            case Command.AttributesOneofCase.ContinueAsNewWorkflowExecutionCommandAttributes:
                var anew = command.ContinueAsNewWorkflowExecutionCommandAttributes;
                var next = StartRun(new WorkflowExecutionStartedEventAttributes { WorkflowType = anew.WorkflowType, WorkflowId = run.Start.WorkflowId, TaskQueue = run.Start.TaskQueue, Input = anew.Input, Header = anew.Header, ContinuedExecutionRunId = run.Id });
                Close(run, new HistoryEvent
                {
                    EventType = EventType.WorkflowExecutionContinuedAsNew,
                    WorkflowExecutionContinuedAsNewEventAttributes = new() { NewExecutionRunId = next.Id, WorkflowType = anew.WorkflowType, TaskQueue = run.Start.TaskQueue, Input = anew.Input, Header = anew.Header, WorkflowTaskCompletedEventId = completed },
                });
                break;
            default:
                throw new Refusal(12, $"{command.AttributesCase} is not there.");
        }
    }

    /// <param name="run">It has ended.</param>
    /// <param name="last">With this.</param>
    /// <param name="parents">What its parent is told, if it has one.</param>
    void Close(Run run, HistoryEvent last, HistoryEvent? parents = null)
    {
        run.Add(last);
        run.Closed.SetResult();
        if (run.Parent is null || parents is null)
            return;
        run.Parent.Add(parents);
        Schedule(run.Parent);
    }

    void Offer(Run run, long scheduled, ScheduleActivityTaskCommandAttributes activity, int attempt) => Queue($"activities of {activity.TaskQueue.Name}").Writer.TryWrite(() =>
    {
        var token = Number();
        run.Activities[token] = (scheduled, activity, attempt);
        return new PollActivityTaskQueueResponse
        {
            TaskToken = ByteString.CopyFromUtf8($"{run.Id} {token}"),
            WorkflowNamespace = "default",
            WorkflowType = run.Start.WorkflowType,
            WorkflowExecution = run.Execution,
            ActivityId = activity.ActivityId,
            ActivityType = activity.ActivityType,
            Header = activity.Header,
            Input = activity.Input,
            ScheduledTime = Now,
            CurrentAttemptScheduledTime = Now,
            StartedTime = Now,
            Attempt = attempt,
            StartToCloseTimeout = activity.StartToCloseTimeout,
            RetryPolicy = activity.RetryPolicy,
        };
    });

    RespondActivityTaskCompletedResponse ActivityCompleted(RespondActivityTaskCompletedRequest request)
    {
        var (run, (scheduled, _, attempt)) = Activity(request.TaskToken);
        var started = Started(run, scheduled, attempt);
        run.Add(new HistoryEvent { EventType = EventType.ActivityTaskCompleted, ActivityTaskCompletedEventAttributes = new() { Result = request.Result, ScheduledEventId = scheduled, StartedEventId = started } });
        Schedule(run);
        return new RespondActivityTaskCompletedResponse();
    }

    RespondActivityTaskFailedResponse ActivityFailed(RespondActivityTaskFailedRequest request)
    {
        var (run, (scheduled, activity, attempt)) = Activity(request.TaskToken);
        if (attempt < activity.RetryPolicy.MaximumAttempts)
        {
            Offer(run, scheduled, activity, attempt + 1);
            return new RespondActivityTaskFailedResponse();
        }
        var started = Started(run, scheduled, attempt);
        run.Add(new HistoryEvent
        {
            EventType = EventType.ActivityTaskFailed,
            ActivityTaskFailedEventAttributes = new() { Failure = request.Failure, ScheduledEventId = scheduled, StartedEventId = started, RetryState = RetryState.MaximumAttemptsReached },
        });
        Schedule(run);
        return new RespondActivityTaskFailedResponse();
    }

    (Run Run, (long, ScheduleActivityTaskCommandAttributes, int) Activity) Activity(ByteString token)
    {
        var parts = token.ToStringUtf8().Split(' ');
        var run = _runs[parts[0]];
        run.Activities.Remove(parts[1], out var activity);
        return (run, activity);
    }

    long Started(Run run, long scheduled, int attempt) => run.Add(new HistoryEvent { EventType = EventType.ActivityTaskStarted, ActivityTaskStartedEventAttributes = new() { ScheduledEventId = scheduled, RequestId = Number(), Attempt = attempt } });

    SignalWorkflowExecutionResponse Signal(SignalWorkflowExecutionRequest request)
    {
        var run = Find(request.WorkflowExecution);
        run.Add(new HistoryEvent { EventType = EventType.WorkflowExecutionSignaled, WorkflowExecutionSignaledEventAttributes = new() { SignalName = request.SignalName, Input = request.Input, Header = request.Header } });
        Schedule(run);
        return new SignalWorkflowExecutionResponse();
    }

    async Task<IMessage> Query(QueryWorkflowRequest request, CancellationToken aborted)
    {
        var (token, answer) = (Number(), new TaskCompletionSource<RespondQueryTaskCompletedRequest>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            var run = Find(request.Execution);
            _queries[token] = answer;
            Queue($"workflows of {run.Start.TaskQueue.Name}").Writer.TryWrite(() =>
            {
                var sticky = run.Sticky;
                run.Sticky = null; // whichever worker it is: from the beginning
                var task = TaskOf(run);
                run.Sticky = sticky;
                (task.TaskToken, task.Query) = (ByteString.CopyFromUtf8(token), request.Query);
                return task;
            });
        }
        var answered = await answer.Task.WaitAsync(aborted);
        return answered.CompletedType == QueryResultType.Answered ? new QueryWorkflowResponse { QueryResult = answered.QueryResult } : throw new Refusal(3, answered.ErrorMessage);
    }

    RespondQueryTaskCompletedResponse Answered(RespondQueryTaskCompletedRequest request)
    {
        _queries[request.TaskToken.ToStringUtf8()].SetResult(request);
        return new RespondQueryTaskCompletedResponse();
    }

    async Task<IMessage> StartAndUpdate(ExecuteMultiOperationRequest request, CancellationToken aborted)
    {
        StartWorkflowExecutionResponse started;
        lock (_lock)
            started = StartWorkflow(request.Operations[0].StartWorkflow);
        var updated = await Update(request.Operations[1].UpdateWorkflow, aborted);
        return new ExecuteMultiOperationResponse { Responses = { new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = started }, new ExecuteMultiOperationResponse.Types.Response { UpdateWorkflow = updated } } };
    }

    async Task<UpdateWorkflowExecutionResponse> Update(UpdateWorkflowExecutionRequest request, CancellationToken aborted)
    {
        PendingUpdate update;
        Run run;
        lock (_lock)
        {
            run = Find(request.WorkflowExecution);
            run.Updates.Add(update = new PendingUpdate(request.Request));
            Schedule(run);
        }
        return new UpdateWorkflowExecutionResponse
        {
            Outcome = await update.Ended.Task.WaitAsync(aborted),
            Stage = UpdateWorkflowExecutionLifecycleStage.Completed,
            UpdateRef = new UpdateRef { UpdateId = update.Id, WorkflowExecution = run.Execution },
        };
    }

    /// <summary>What a workflow says of an update, in the order of its commands.</summary>
    static void Executed(Run run, Message message)
    {
        var update = run.Updates.Single(update => update.Id == message.ProtocolInstanceId);
        if (message.Body.Is(Acceptance.Descriptor))
        {
            var acceptance = message.Body.Unpack<Acceptance>();
            update.Accepted = run.Add(new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionUpdateAccepted,
                WorkflowExecutionUpdateAcceptedEventAttributes = new()
                {
                    ProtocolInstanceId = update.Id, AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId, AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId, AcceptedRequest = update.Request,
                },
            });
        }
        else
        {
            var response = message.Body.Unpack<Response>();
            run.Add(new HistoryEvent
            {
                EventType = EventType.WorkflowExecutionUpdateCompleted,
                WorkflowExecutionUpdateCompletedEventAttributes = new() { Meta = response.Meta, AcceptedEventId = update.Accepted, Outcome = response.Outcome },
            });
            update.Ended.SetResult(response.Outcome);
        }
    }

    /// <summary>All of it, or the last event once there is one that ends the run.</summary>
    async Task<IMessage> History(GetWorkflowExecutionHistoryRequest request, CancellationToken aborted)
    {
        Run run;
        lock (_lock)
            run = Find(request.Execution);
        if (request.WaitNewEvent)
            await run.Closed.Task.WaitAsync(aborted);
        lock (_lock)
        {
            var history = new History();
            history.Events.AddRange(request.HistoryEventFilterType == HistoryEventFilterType.CloseEvent ? run.Events[^1..] : run.Events);
            return new GetWorkflowExecutionHistoryResponse { History = history };
        }
    }

    Run Find(WorkflowExecution execution) => (execution.RunId.Length > 0 ? _runs.GetValueOrDefault(execution.RunId) : _latest.GetValueOrDefault(execution.WorkflowId)) ?? throw new Refusal(5, "workflow not found");

    string Number() => Interlocked.Increment(ref _numbers).ToString(CultureInfo.InvariantCulture);

    static Timestamp Now => Timestamp.FromDateTime(DateTime.UtcNow);

    /// <summary>A status of gRPC's that is no success.</summary>
    sealed class Refusal(int status, string message) : Exception(message)
    {
        public int Status => status;
    }

    sealed class PendingUpdate(Request request)
    {
        public Request Request => request;

        public string Id => request.Meta.UpdateId;

        public string RequestId => $"{Id}/request";

        public bool IsDelivered { get; set; }

        public long Accepted { get; set; }

        public TaskCompletionSource<Outcome> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>One run of a workflow.</summary>
    sealed class Run(WorkflowExecutionStartedEventAttributes start)
    {
        public WorkflowExecutionStartedEventAttributes Start => start;

        public string Id { get; } = Guid.NewGuid().ToString();

        public List<HistoryEvent> Events { get; } = [];

        public WorkflowExecution Execution => new() { WorkflowId = start.WorkflowId, RunId = Id };

        public Run? Parent { get; init; }

        /// <summary>The parent's event.</summary>
        public long Initiated { get; init; }

        /// <summary>Events of what a worker has to do, or does; 0 if there is nothing.</summary>
        public long Scheduled { get; set; }

        public long Started { get; set; }

        /// <summary>Up to where a worker knows it.</summary>
        public long Previous { get; set; }

        /// <summary>Something has happened since a worker has begun.</summary>
        public bool HasMore { get; set; }

        /// <summary>The queue of the worker that has kept the workflow.</summary>
        public string? Sticky { get; set; }

        public List<PendingUpdate> Updates { get; } = [];

        public Dictionary<string, (long Scheduled, ScheduleActivityTaskCommandAttributes Activity, int Attempt)> Activities { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource Closed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsClosed => Closed.Task.IsCompleted;

        public long Add(HistoryEvent happened)
        {
            (happened.EventId, happened.EventTime) = (Events.Count + 1, Now);
            Events.Add(happened);
            return happened.EventId;
        }
    }
}
