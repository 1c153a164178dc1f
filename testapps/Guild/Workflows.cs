using System.Reflection;
using Microsoft.Data.Sqlite;
using WorkflowCore.Interface;
using WorkflowCore.Models;
using WorkflowCore.Services;

namespace Guild;

/// <summary>A workflow of two steps, in memory; with `Guild:Store` it asks a database what is due.</summary>
static class Workflows
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddWorkflow(options =>
    {
        if (builder.Configuration["Guild:Store"] is null)
            return;
        builder.Services.AddWorkflowMiddleware<Inspection>();
        options.UsePersistence(services => PolledStore.Around(new TransientMemoryPersistenceProvider(services.GetRequiredService<ISingletonMemoryProvider>())));
        options.UsePollInterval(TimeSpan.FromMilliseconds(50));
    });

    public static void Map(WebApplication app)
    {
        var host = app.Services.GetRequiredService<IWorkflowHost>();
        host.RegisterWorkflow<House, Plan>();
        host.Start();
        app.Lifetime.ApplicationStopping.Register(host.Stop);
        app.MapGet("/workflow", async (string name) =>
        {
            await host.StartWorkflow("house", new Plan { Name = name });
            return await Work.Done(name);
        });
        app.MapGet("/workflow/inspected", static () => PolledStore.Inspected.Task);
        app.MapGet("/workflow/polled", async (int times) =>
        {
            for (var i = 0; i < times; i++)
                await PolledStore.Asked.WaitAsync();
            return "polled";
        });
    }

    /// <summary>What is to be built.</summary>
    public sealed class Plan
    {
        public string Name { get; set; } = "";
    }

    /// <summary>The app's, at the end of each.</summary>
    public sealed class Inspection : IWorkflowMiddleware
    {
        public WorkflowMiddlewarePhase Phase => WorkflowMiddlewarePhase.PostWorkflow;

        public async Task HandleAsync(WorkflowInstance workflow, WorkflowDelegate next)
        {
            PolledStore.Ask("SELECT * FROM sqlite_master");
            await next();
            PolledStore.Inspected.TrySetResult("inspected");
        }
    }

    /// <summary>First the walls.</summary>
    public sealed class House : IWorkflow<Plan>
    {
        public string Id => "house";

        public int Version => 1;

        public void Build(IWorkflowBuilder<Plan> builder) => builder
            .StartWith(static _ => ExecutionResult.Next())
            .Then<Walls>().Input(static step => step.Name, static plan => plan.Name)
            .OnError(WorkflowErrorHandling.Terminate);
    }

    /// <summary>Some cannot be built.</summary>
    public sealed class Walls : StepBody
    {
        public string Name { get; set; } = "";

        public override ExecutionResult Run(IStepExecutionContext context)
        {
            Work.Do(Name);
            return ExecutionResult.Next();
        }
    }
}

/// <summary>As the stores of WorkflowCore in databases.</summary>
public class PolledStore : DispatchProxy
{
    /// <summary>How often it has been asked what is due, or for what is.</summary>
    public static SemaphoreSlim Asked { get; } = new(0);

    /// <summary>A workflow has come to its end.</summary>
    public static TaskCompletionSource<string> Inspected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    IPersistenceProvider _inner = null!;

    public static IPersistenceProvider Around(IPersistenceProvider inner)
    {
        var store = Create<IPersistenceProvider, PolledStore>();
        ((PolledStore)(object)store)._inner = inner;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name is nameof(IPersistenceProvider.GetRunnableInstances) or nameof(IPersistenceProvider.GetRunnableEvents) or nameof(IPersistenceProvider.GetWorkflowInstance))
        {
            Ask("SELECT 1");
            Asked.Release();
        }
        return targetMethod.Invoke(_inner, args);
    }

    public static void Ask(string text)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteScalar();
    }
}
