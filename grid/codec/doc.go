// Package codec is the wire form of the house's nouns: the JSON of records,
// reports, certificates and cases, and the certificate's id. Field names of the
// contract are written here and nowhere else; the stores keep records and
// certificates in this form, the HTTP shell and the commands send it.
//
// Decoding is strict: unknown and repeated names, bad UTF-8, trailing data and
// wrong types are faults with a JSON pointer. Everything here is a pure function
// and safe for concurrent use.
package codec
