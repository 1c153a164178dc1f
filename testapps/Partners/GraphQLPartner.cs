using GraphQL;
using GraphQL.Types;

namespace Partners;

/// <summary>A GraphQL schema with a query of each kind.</summary>
static class GraphQLPartner
{
    public static void Add(WebApplicationBuilder builder) => builder.Services.AddGraphQL(graphql =>
    {
        graphql.AddSchema(_ => new LetterSchema()).AddSystemTextJson();
        if (builder.Configuration["Partners:GraphQL"] == "telemetry")
            graphql.UseTelemetry();
    });

    public static void Map(WebApplication app) => app.MapGet("/graphql", async (string query, IDocumentExecuter<LetterSchema> executer, IGraphQLTextSerializer serializer, IServiceProvider services) =>
        serializer.Serialize(await executer.ExecuteAsync(new ExecutionOptions { Query = query, RequestServices = services })));

    sealed class LetterSchema : Schema
    {
        public LetterSchema() => Query = new LetterQuery();
    }

    sealed class LetterQuery : ObjectGraphType
    {
        public LetterQuery()
        {
            Field<StringGraphType>("letter").Argument<StringGraphType>("to").Resolve(context => $"Dear {context.GetArgument<string>("to")}");
            Field<StringGraphType>("lost").Resolve(_ => throw new InvalidOperationException("The letter was lost."));
        }
    }
}
