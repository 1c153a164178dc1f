using System.Diagnostics;
using Agent.AspNetCore.Remote;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Agent.UnitTests;

/// <summary>Which endpoints are gRPC methods, and what their statuses mean.</summary>
[TestClass]
public sealed class GrpcTests
{
    static readonly GrpcMethodMetadata SayHello = new(typeof(GrpcTests), new Method<string, string>(MethodType.Unary, "greet.Greeter", "SayHello",
        Marshallers.StringMarshaller, Marshallers.StringMarshaller));

    static GrpcMethod? MethodAt(string pattern, params object[] metadata) =>
        GrpcMethod.Of(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse(pattern), order: 0, new EndpointMetadataCollection(metadata), displayName: null));

    [TestMethod]
    [DataRow("/greet.Greeter/SayHello")]
    [DataRow("/api/greet.Greeter/SayHello", DisplayName = "in a group")]
    public void An_endpoint_of_a_service_is_a_method(string pattern)
    {
        var method = MethodAt(pattern, SayHello);
        Assert.AreEqual("greet.Greeter/SayHello", method?.Name);
        Assert.AreEqual("grpc greet.Greeter/SayHello", method?.Description.Name);
        CollectionAssert.Contains(method!.Description.Tags, new KeyValuePair<string, object?>("code.function.name", "Agent.UnitTests.GrpcTests.SayHello"));
    }

    [TestMethod]
    public void An_endpoint_for_what_the_server_does_not_have_has_no_name_of_the_clients() =>
        Assert.AreEqual("_OTHER", MethodAt("greet.Greeter/{unimplementedMethod}")?.Name);

    [TestMethod]
    public void A_method_called_with_JSON_is_HTTP() => Assert.IsNull(MethodAt("/v1/greeter/{name}", SayHello));

    [TestMethod]
    public void Other_endpoints_are_none() => Assert.IsNull(MethodAt("/greet.Greeter/SayHello"));

    [TestMethod]
    public void Every_status_has_the_name_of_the_specification()
    {
        foreach (var code in Enum.GetValues<StatusCode>())
        {
            var context = new DefaultHttpContext { Response = { Headers = { ["grpc-status"] = $"{code:D}" } } };
            Assert.AreEqual($"{code}", GrpcStatus.Of(context)!.Replace("_", ""), ignoreCase: true);
        }
    }

    [TestMethod]
    [DataRow("UNKNOWN DEADLINE_EXCEEDED UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS", true)]
    [DataRow("OK CANCELLED INVALID_ARGUMENT NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNAUTHENTICATED", false)]
    public void Errors_are_what_servers_do_wrong(string names, bool expected)
    {
        foreach (var name in names.Split(' '))
            Assert.AreEqual(expected, GrpcStatus.IsError(name), name);
    }

    [TestMethod]
    public void A_call_that_a_middleware_has_refused_has_a_name_and_no_status()
    {
        using var span = new Activity("request").Start();
        var hasStatus = GrpcServerSpan.Complete(span, MethodAt("/greet.Greeter/SayHello", SayHello)!, new DefaultHttpContext { Response = { StatusCode = 401 } });
        Assert.IsFalse(hasStatus);
        Assert.AreEqual("greet.Greeter/SayHello", span.DisplayName);
        Assert.IsNull(span.GetTagItem("rpc.response.status_code"));
    }

    [TestMethod]
    public void A_client_that_has_gone_has_cancelled_its_call_unless_its_deadline_had_passed()
    {
        foreach (var (sent, expected) in (IEnumerable<(string, string)>)[("0", "CANCELLED"), ("2", "CANCELLED"), ("4", "DEADLINE_EXCEEDED")])
        {
            var context = new DefaultHttpContext { Response = { Headers = { ["grpc-status"] = sent } }, RequestAborted = new CancellationToken(canceled: true) };
            Assert.AreEqual(expected, GrpcStatus.Of(context));
        }
    }
}
