using Greeter.Protos;
using Grpc.Core;

namespace Greeter.Services;

public sealed class GreeterService : Protos.Greeter.GreeterBase
{
    public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context)
    {
        context.ResponseTrailers.Add("greeted", request.Name);
        return Task.FromResult(Greet(request));
    }

    public override async Task SayHelloOften(OftenRequest request, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Times; i++)
        {
            await responseStream.WriteAsync(Greet(request.Hello), context.CancellationToken);
            await Task.Delay(request.PauseMilliseconds, context.CancellationToken);
        }
        if (request.Times == 0)
            throw new RpcException(new Status(StatusCode.OutOfRange, $"{request.Hello.Name} is to be greeted at least once."));
        if (request.Times > 2)
            throw new InvalidOperationException("The greeter is hoarse.");
    }

    public override async Task<HelloReply> SayHelloToAll(IAsyncStreamReader<HelloRequest> requestStream, ServerCallContext context)
    {
        List<string> greetings = [];
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            greetings.Add(Greet(request).Message);
        return new HelloReply { Message = string.Join(' ', greetings) };
    }

    public override async Task Converse(IAsyncStreamReader<HelloRequest> requestStream, IServerStreamWriter<HelloReply> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(Greet(request), context.CancellationToken);
    }

    static HelloReply Greet(HelloRequest request) => new()
    {
        Message = request.Language switch
        {
            "" or "en" => $"Hello, {request.Name}!",
            "de" => $"Hallo {request.Name}!",
            "la" => throw new RpcException(new Status(StatusCode.NotFound, $"{request.Name} speaks no Latin."), new Metadata { { "missed", request.Name } }),
            "eo" => throw new RpcException(new Status(StatusCode.Unavailable, "The interpreter is out.")),
            "tlh" => throw new InvalidOperationException("The dictionary is on fire."),
            _ => throw new RpcException(new Status(StatusCode.InvalidArgument, $"There is no language {request.Language}.")),
        },
    };
}
