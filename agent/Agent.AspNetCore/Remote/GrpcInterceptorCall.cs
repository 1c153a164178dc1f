using System.Reflection;
using Agent.Tracing;

namespace Agent.AspNetCore.Remote;

/// <summary>One call of a gRPC interceptor. The patches are installed by <see cref="GrpcInterceptorPatch"/>.</summary>
static class GrpcInterceptorCall
{
    static readonly TypePairMap<MethodBase, SpanDescription> Descriptions = new(Describe);

    public static void Begin(object __instance, MethodBase __originalMethod, out Span? __state) =>
        __state = Span.IsWanted && GrpcSpan.Current is { } call ? Span.Begin(Descriptions[__instance.GetType(), __originalMethod], call) : null;

    public static void EndAsync(Exception? __exception, Task? __result, Span? __state) => __state?.End(__exception, __result);

    static SpanDescription Describe(Type type, MethodBase method) => new($"interceptor {AppType.Shorten(CodeName.Simple(type), "Interceptor")}",
        new(Names.Kind, DispatchKind.Hook), new(Names.CodeFunction, $"{type.FullName}.{method.Name}"));

    public sealed class Span(SpanRecord record, GrpcSpan call) : AspNetCoreSpan(record)
    {
        public static Span? Begin(SpanDescription description, GrpcSpan call) => Start(description) is { } record ? new Span(record, call) : null;

        protected override string? ExpectedResult(Exception exception) => call.ExpectedResultOnTheWay(exception);
    }
}
