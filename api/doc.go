// Package api is the HTTP shell of the house: the routes, who may ask, what is
// read from a request and how an answer or a problem is written. What an answer
// says is decided below, in grid/intake and the stores.
//
// The path of a request: [Server.ServeHTTP] → the route of routes.go → guard (token,
// or loopback in open mode) → the query as one struct → the handler, which returns
// an error → problem+json in one place.
//
// What must never enter: a decision about a place or a duty, SQL, the wire names of
// nouns (grid/codec), configuration, and personal data in a log or an error.
package api
