using System.Diagnostics;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Client.Interceptors;
using Temporalio.Worker.Interceptors;

namespace Guild;

/// <summary>Stands for the one of Temporalio.Extensions.OpenTelemetry: has its sources, and spans of some of the things that it has spans of.</summary>
sealed class TemporalTracing : IClientInterceptor, IWorkerInterceptor
{
    static readonly ActivitySource Client = new("Temporalio.Extensions.OpenTelemetry.Client"), Workflows = new("Temporalio.Extensions.OpenTelemetry.Workflow"), Activities = new("Temporalio.Extensions.OpenTelemetry.Activity");

    public ClientOutboundInterceptor InterceptClient(ClientOutboundInterceptor nextInterceptor) => new Outbound(nextInterceptor);

    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new Workflow(nextInterceptor);

    public ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => new Inbound(nextInterceptor);

    sealed class Outbound(ClientOutboundInterceptor next) : ClientOutboundInterceptor(next)
    {
        public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
        {
            using var span = Client.StartActivity($"StartWorkflow:{input.Workflow}", ActivityKind.Client);
            return await base.StartWorkflowAsync<TWorkflow, TResult>(input);
        }
    }

    sealed class Workflow(WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
    {
        public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
        {
            if (!Temporalio.Workflows.Workflow.Unsafe.IsReplaying)
                Workflows.StartActivity($"RunWorkflow:{Temporalio.Workflows.Workflow.Info.WorkflowType}", ActivityKind.Server)?.Dispose();
            return base.ExecuteWorkflowAsync(input);
        }
    }

    sealed class Inbound(ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            using var span = Activities.StartActivity($"RunActivity:{ActivityExecutionContext.Current.Info.ActivityType}", ActivityKind.Server);
            return await base.ExecuteActivityAsync(input);
        }
    }
}
