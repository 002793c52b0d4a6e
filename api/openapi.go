package api

import (
	_ "embed"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// openapiJSON is written by hand; a test holds it against the routes.
//
//go:embed openapi.json
var openapiJSON []byte

// document is the OpenAPI document as it is sent.
type document []byte

// newDocument takes the white space out of b. The error says where b is not JSON.
func newDocument(b []byte) (document, error) {
	v := jsontext.Value(append([]byte(nil), b...))
	if err := v.Compact(); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return document(v), nil
}

func (s *Server) describe(w http.ResponseWriter, r *http.Request, _ *query) error {
	return sendTagged(w, r, false, s.openapi)
}
