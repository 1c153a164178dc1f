using WorkflowCore.Interface;
using WorkflowCore.Models;

namespace Guild;

/// <summary>A workflow of two steps, in memory.</summary>
static class Workflows
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddWorkflow();

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
    }

    /// <summary>What is to be built.</summary>
    public sealed class Plan
    {
        public string Name { get; set; } = "";
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
